package dev.warren.worker.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.testkit.ManualLoop;
import dev.warren.worker.config.RecycleReason;
import dev.warren.worker.config.WorkerEvent;
import dev.warren.worker.link.RecycleHeader;
import dev.warren.worker.meter.WorkerMeters;
import org.junit.jupiter.api.Test;

class ChildRegistryTest {
  private final Children children = new Children();
  private final ChildRegistry registry = children.registry;

  @Test
  void children_are_counted_by_state() {
    assertThat(registry.isEmpty()).isTrue();
    children.starting();
    Child idle = children.ready();
    children.inLongCall(children.ready());
    assertThat(registry).hasToString("1 busy of 2 ready children, 1 calls in hand");
    assertThat(registry.anyReady() && registry.anyIdle()).isTrue();
    assertThat(registry.remove(idle)).isTrue();
    assertThat(registry.remove(idle)).isFalse();
    assertThat(registry.contains(idle)).isFalse();
    assertThat(registry.anyIdle()).isFalse();
  }

  @Test
  void idle_child_leaves_at_once_and_a_busy_one_after_its_calls() {
    Child idle = children.ready();
    Child busy = children.ready();
    children.inLongCall(busy);
    Recycling age = new Recycling(RecycleReason.AGE, "old");
    registry.recycle(idle, age);
    registry.recycle(busy, age);
    assertThat(idle.state()).isEqualTo(Child.State.LEAVING);
    assertThat(busy.state()).isEqualTo(Child.State.READY);
    children.answerFirst(busy);
    registry.leaveIfDue(busy);
    assertThat(busy.state()).isEqualTo(Child.State.LEAVING);
    assertThat(registry.recycled()).isEqualTo(2);
  }

  @Test
  void child_without_a_reason_stays() {
    Child child = children.ready();
    registry.leaveIfDue(child);
    assertThat(child.state()).isEqualTo(Child.State.READY);
  }

  @Test
  void listener_that_throws_affects_nothing() {
    ChildRegistry bad =
        new ChildRegistry(
            new ManualLoop(),
            event -> {
              throw new IllegalStateException("on purpose");
            },
            new ChildSlots(1, 0),
            WorkerMeters.detached());
    bad.tell(new WorkerEvent.ChildReady("w", 1));
    assertThat(bad.isEmpty()).isTrue();
  }

  @Test
  void child_may_ask_to_be_recycled_for_two_reasons() {
    assertThat(Recycling.asked(new RecycleHeader("broken_class_path")).reason())
        .isEqualTo(RecycleReason.BROKEN_CLASS_PATH);
    assertThat(Recycling.asked(new RecycleHeader(null)).reason())
        .isEqualTo(RecycleReason.REQUESTED);
    assertThat(Recycling.asked(new RecycleHeader("anything")).reason())
        .isEqualTo(RecycleReason.REQUESTED);
  }
}

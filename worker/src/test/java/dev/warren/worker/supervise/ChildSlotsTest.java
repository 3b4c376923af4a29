package dev.warren.worker.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.wire.control.SlotReport;
import dev.warren.wire.control.SlotReport.State;
import dev.warren.worker.config.KillReason;
import dev.warren.worker.config.RecycleReason;
import dev.warren.worker.supervise.process.ProcFiles;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which child is reported in which slot, and what is reported of it. */
class ChildSlotsTest {
  private final Children children = new Children(2);
  private final ChildSlots slots = children.registry.slots();

  private List<SlotReport> report() {
    return slots.report(children.loop.now());
  }

  private SlotReport slot(int number) {
    return report().get(number);
  }

  @Test
  void empty_slots_are_reported() {
    assertThat(report()).extracting(SlotReport::slot).containsExactly(0, 1);
    assertThat(report()).extracting(SlotReport::state).containsOnly(State.EMPTY);
    assertThat(report()).extracting(SlotReport::child).containsOnlyNulls();
  }

  @Test
  void children_fill_the_slots_in_order_and_further_ones_are_spares() {
    children.starting();
    children.ready();
    children.blank();
    assertThat(report()).extracting(SlotReport::slot).containsExactly(0, 1, -1);
    assertThat(report()).extracting(SlotReport::child).containsExactly("w-1-1", "w-1-2", "w-1-3");
    assertThat(report())
        .extracting(SlotReport::state)
        .containsExactly(State.STARTING, State.IDLE, State.IDLE);
  }

  @Test
  void recycled_child_keeps_its_slot_until_it_has_ended_and_a_spare_follows() {
    Child first = children.ready();
    children.ready();
    children.ready();
    first.recycleAfterCalls(new Recycling(RecycleReason.MEMORY, "memory 9 MiB over 8 MiB"));
    children.registry.leaveIfDue(first);
    assertThat(slot(0).state()).isEqualTo(State.LEAVING);
    first.kill(KillReason.LINK_CLOSED, "its process takes long to end");
    children.registry.remove(first);
    assertThat(slot(0).child()).isEqualTo("w-1-3");
    assertThat(slot(0).ends()).isEqualTo(1);
    assertThat(slot(0).lastEnd()).isEqualTo("memory");
    assertThat(slot(0).lastEndText()).isEqualTo("memory 9 MiB over 8 MiB");
    assertThat(report()).hasSize(2);
    assertThat(slots.lost()).isZero();
  }

  @Test
  void killed_and_lost_children_are_counted_and_named() {
    Child killed = children.ready();
    Child lost = children.ready();
    killed.kill(KillReason.TIME_LIMIT, "over its time limit");
    assertThat(slot(0).state()).isEqualTo(State.LEAVING);
    children.registry.remove(killed);
    children.registry.remove(lost);
    assertThat(report()).extracting(SlotReport::lastEnd).containsExactly("time_limit", "lost");
    assertThat(report()).extracting(SlotReport::state).containsOnly(State.EMPTY);
    assertThat(slots.lost()).isEqualTo(2);
  }

  @Test
  void calls_memory_and_their_limits_are_reported() {
    Child child = children.ready(Children.KEY, Children.calls(10));
    child.give(FakeWork.calls(3), 0, 3, false, 0);
    child.usage.memorySeen(new ProcFiles.Memory(4_000_000, 5_000_000), 1_000);
    SlotReport report = slot(0);
    assertThat(report.state()).isEqualTo(State.BUSY);
    assertThat(report.calls()).isEqualTo(3);
    assertThat(report.maxCalls()).isEqualTo(10);
    assertThat(report.memory()).isEqualTo(4_001_000);
    assertThat(report.maxMemory()).isEqualTo(Children.MEMORY_LIMIT);
    assertThat(report.function()).isNull();
  }

  @Test
  void long_call_is_named_with_its_time() {
    Child child = children.ready();
    FakeWork work = children.inLongCall(child);
    children.loop.advanceMillis(1_000);
    SlotReport report = slot(0);
    assertThat(report.function()).isEqualTo("long::call");
    assertThat(report.job()).isEqualTo(work.task().job());
    assertThat(report.call()).isEqualTo(work.task().calls().get(0));
    assertThat(report.runningMillis()).isEqualTo(1_005);
  }

  @Test
  void a_long_name_is_cut_so_that_readers_accept_the_report() {
    children.inLongCall(children.ready(), "a.B::" + "c".repeat(900));
    assertThat(slot(0).function()).startsWith("a.B::ccc").endsWith("…").hasSizeLessThan(255);
  }
}

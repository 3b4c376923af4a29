package dev.warren.worker.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.worker.config.KillReason;
import dev.warren.worker.config.RecycleReason;
import dev.warren.worker.link.ReturnedHeader;
import dev.warren.worker.supervise.process.ExitEvidence;
import dev.warren.worker.supervise.process.ProcFiles;
import org.junit.jupiter.api.Test;

/** The states of a child, and the reasons for which it ends. */
class ChildTest {
  private static final Recycling AGE = new Recycling(RecycleReason.AGE, "old");
  private static final Recycling IDLE = new Recycling(RecycleReason.IDLE, "idle");

  private final Children children = new Children();

  @Test
  void states_go_one_way() {
    Child child = children.ready();
    assertThatThrownBy(() -> child.ready(0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("w-1-1 cannot go from READY to READY");
    child.quit(0);
    assertThat(child.state()).isEqualTo(Child.State.LEAVING);
    child.gone(0);
    child.gone(0);
    assertThat(child.state()).isEqualTo(Child.State.GONE);
    assertThat(child).hasToString("w-1-1 (GONE, pid 0, 0 in hand)");
  }

  @Test
  void child_takes_calls_only_while_it_is_ready_and_not_to_leave() {
    assertThat(children.starting().takesCalls()).isFalse();
    assertThat(children.starting().present()).isTrue();
    Child recycled = children.ready();
    recycled.recycleAfterCalls(AGE);
    assertThat(recycled.takesCalls() || recycled.present()).isFalse();
    Child killed = children.ready();
    killed.kill(KillReason.TIME_LIMIT, "x");
    assertThat(killed.takesCalls() || killed.present()).isFalse();
  }

  @Test
  void first_reason_to_leave_is_kept() {
    Child child = children.ready();
    child.recycleAfterCalls(AGE);
    child.recycleAfterCalls(IDLE);
    assertThat(child.recycling()).isEqualTo(AGE);
  }

  @Test
  void any_other_reason_replaces_that_its_calls_are_used_up() {
    Child child = children.ready(Children.KEY, Children.calls(1));
    child.give(FakeWork.calls(1), 0, 1, false, 0);
    assertThat(child.recycling()).isEqualTo(RecyclePolicy.ran(1));
    child.recycleAfterCalls(AGE);
    assertThat(child.recycling()).isEqualTo(AGE);
  }

  @Test
  void child_that_returns_calls_may_be_given_others() {
    Child child = children.ready(Children.KEY, Children.calls(3));
    FakeWork work = FakeWork.calls(3);
    child.give(work, 0, 3, false, 0);
    assertThat(child.callsLeft()).isZero();
    child.returned(new ReturnedHeader(work.number(), 1, 2));
    assertThat(child.callsLeft()).isEqualTo(2);
    assertThat(child.recycling()).isNull();
    assertThat(child.callsEnded()).isZero();
  }

  @Test
  void first_reason_to_kill_is_kept_with_its_call() {
    Child child = children.ready();
    FakeWork work = FakeWork.calls(2);
    child.give(work, 0, 2, false, 0);
    child.killFor(work, 0, KillReason.TIME_LIMIT, "limit");
    child.killFor(work, 1, KillReason.CANCELLED, "cancelled");
    assertThat(child.killing()).isEqualTo(new Killing(KillReason.TIME_LIMIT, "limit"));
    assertThat(child.killedFor().index()).isZero();
    assertThat(child.readSome()).as("it is judged").isFalse();
  }

  @Test
  void child_killed_for_its_memory_has_that_evidence() {
    Child child = children.ready();
    child.give(FakeWork.calls(1), 0, 1, false, 0);
    assertThat(child.usage.memorySeen(new ProcFiles.Memory(100, 300), -1)).isEqualTo(100);
    assertThat(child.usage.memorySeen(new ProcFiles.Memory(100, 300), 150)).isEqualTo(250);
    assertThat(child.usage.memorySeen(new ProcFiles.Memory(200, 300), -1)).isEqualTo(350);
    child.killForMemory(400L << 20, 300L << 20);
    child.exited(137);
    ExitEvidence evidence = child.evidence("host", false, 0);
    assertThat(evidence.outOfMemory()).isTrue();
    assertThat(evidence.peakMemory()).isEqualTo(400L << 20);
    assertThat(evidence.how())
        .isEqualTo("took more memory than its hard limit of 300 MiB and was killed");
    assertThat(child.killedFor()).isNotNull();
    assertThat(evidence.where().memoryBytes()).as("at the last reading").isEqualTo(350);
  }

  @Test
  void child_has_ended_when_its_process_and_its_link_have() {
    Child child = children.starting();
    assertThat(child.hasEnded()).isFalse();
    child.exited(1);
    assertThat(child.hasExited()).isTrue();
    assertThat(child.hasEnded()).isTrue();
    assertThat(child.evidence("host", false, 0).how()).isEqualTo("exited with code 1");
  }
}

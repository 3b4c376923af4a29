package dev.warren.worker.supervise.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.task.FailureKind;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.TaskMessage;
import dev.warren.worker.TaskSample;
import dev.warren.worker.supervise.Children;
import dev.warren.worker.supervise.FakeWork;
import org.junit.jupiter.api.Test;

/** Ranges of calls that wait, and that a child holds. */
class WaitingCallsTest {
  private final FakeWork work = FakeWork.calls(6);
  private final WaitingCalls all = new WaitingCalls(work, 0, 6, false);

  private void end(int index) {
    work.fail(index, RemoteFailure.of(FailureKind.CANCELLED, "x", 1));
  }

  @Test
  void ended_calls_at_the_front_are_skipped() {
    assertThat(all.skipEnded()).isSameAs(all);
    end(0);
    end(1);
    end(4);
    assertThat(all.skipEnded()).isEqualTo(new WaitingCalls(work, 2, 6, false));
  }

  @Test
  void runnable_calls_end_at_the_first_ended_one() {
    end(3);
    assertThat(all.runnable(10)).isEqualTo(3);
    assertThat(all.runnable(2)).isEqualTo(2);
    assertThat(all.runnable(Integer.MAX_VALUE)).isEqualTo(3);
  }

  @Test
  void segments_wait_alike_if_the_same_child_would_accept_both() {
    assertThat(all.waitsLike(new WaitingCalls(FakeWork.calls(1), 0, 1, false))).isTrue();
    assertThat(all.waitsLike(new WaitingCalls(work, 0, 1, true))).isFalse();
    assertThat(all.waitsLike(new WaitingCalls(FakeWork.calls(1, "x::y"), 0, 1, false))).isFalse();
    for (TaskSample other :
        new TaskSample[] {
          TaskSample.of(1).serial(), TaskSample.of(1).settings(Children.settings(1))
        }) {
      assertThat(all.waitsLike(new WaitingCalls(new FakeWork(other), 0, 1, false))).isFalse();
    }
    TaskSample expires = TaskSample.of(1).times(new TaskMessage.Times(1, 0, 0, 0));
    assertThat(new WaitingCalls(new FakeWork(expires), 0, 1, false).waitsLike(all)).isFalse();
  }

  @Test
  void assignment_shrinks_from_both_ends() {
    AssignedCalls held = new AssignedCalls(work, 0, 6, false);
    held.answered(2);
    held.answered(1);
    assertThat(held.next()).isEqualTo(2);
    assertThat(held.cutAt(5)).isEqualTo(new WaitingCalls(work, 5, 6, false));
    assertThat(held.left()).isEqualTo(3);
    assertThat(held.rest(true)).isEqualTo(new WaitingCalls(work, 2, 5, true));
    held.answered(99);
    assertThat(held.next()).isEqualTo(held.to());
    assertThat(held.done()).isTrue();
  }

  @Test
  void cancelled_calls_of_an_assignment_are_remembered() {
    AssignedCalls held = new AssignedCalls(work, 0, 6, false);
    assertThat(held.isCancelled(3)).isFalse();
    held.cancel(3);
    held.cancel(5);
    assertThat(held.isCancelled(3)).isTrue();
    assertThat(held.isCancelled(4)).isFalse();
    assertThat(held.isCancelled(5)).isTrue();
  }
}

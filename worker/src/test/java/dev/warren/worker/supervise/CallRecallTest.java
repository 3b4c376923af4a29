package dev.warren.worker.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.task.FailureKind;
import dev.warren.worker.TaskSample;
import dev.warren.worker.link.FrameType;
import dev.warren.worker.supervise.Supervisor.Handback;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls that wait in a child behind a long one. */
class CallRecallTest {
  private final SupervisorRig rig = new SupervisorRig(SupervisorRig.slots(2));
  private FakeChild child;
  private FakeWork work;
  private FakeWork busy;

  @AfterEach
  void close() throws IOException {
    rig.close();
  }

  /** Makes both children ready; the first gets these calls, of a short function. */
  private void give(TaskSample calls) {
    rig.submit(FakeWork.calls(2));
    rig.startChildren();
    rig.children().forEach(each -> each.answerAll(500));
    rig.settle();
    busy = FakeWork.calls(1, "busy::too");
    rig.supervisor.submit(busy);
    rig.settle();
    child =
        rig.children().stream().filter(each -> each.callsGiven() == 0).findFirst().orElseThrow();
    work = new FakeWork(calls);
    rig.supervisor.submit(work);
    rig.settle();
    assertThat(child.callsGiven()).isEqualTo(work.task().count());
  }

  private FakeChild other() {
    return rig.children().stream().filter(each -> each != child).findFirst().orElseThrow();
  }

  @Test
  void calls_behind_a_long_one_move_to_a_child_that_becomes_free() {
    give(TaskSample.of(4));
    child.running(work.number(), 0, 5000);
    rig.loop.advanceMillis(100);
    assertThat(child.got(FrameType.WITHDRAW)).as("nobody is free").isFalse();
    other().answerAll(10);
    rig.loop.advanceMillis(10);
    assertThat(child.got(FrameType.WITHDRAW)).isTrue();
    child.returned(work.number(), 1, 3);
    rig.settle();
    assertThat(other().callsGiven()).isEqualTo(3);
  }

  @Test
  void calls_stay_if_the_long_one_ends_meanwhile() {
    give(TaskSample.of(4));
    child.running(work.number(), 0, 5000);
    rig.settle();
    child.outcomes(work.number(), 0, 1, 6000);
    rig.settle();
    other().answerAll(10);
    rig.loop.advanceMillis(100);
    assertThat(child.got(FrameType.WITHDRAW)).isFalse();
  }

  @Test
  void calls_of_a_serial_task_stay() {
    give(TaskSample.of(4).serial());
    child.running(work.number(), 0, 5000);
    other().answerAll(10);
    rig.loop.advanceMillis(1000);
    assertThat(child.got(FrameType.WITHDRAW)).isFalse();
    assertThat(rig.supervisor.anyQueuedBehind(100)).isFalse();
  }

  @Test
  void call_cancelled_before_its_return_ends_as_never_started() {
    give(TaskSample.of(4));
    child.running(work.number(), 0, 5000);
    rig.settle();
    rig.supervisor.cancel(work, 2, 60_000);
    rig.settle();
    child.returned(work.number(), 1, 3);
    rig.settle();
    assertThat(work.failures.get(2).kind()).isEqualTo(FailureKind.CANCELLED);
    assertThat(work.failures.get(2).neverStarted()).isTrue();
  }

  @Test
  void calls_behind_a_long_one_can_be_withdrawn_for_other_workers() {
    give(TaskSample.of(4));
    child.running(work.number(), 0, 5000);
    rig.settle();
    assertThat(rig.supervisor.anyQueuedBehind(200_000)).isFalse();
    rig.loop.advanceMillis(250);
    assertThat(rig.supervisor.anyQueuedBehind(200_000)).isTrue();
    other().running(busy.number(), 0, 5000);
    rig.supervisor.withdrawBehind(200_000);
    rig.settle();
    child.returned(work.number(), 1, 3);
    rig.loop.step();
    assertThat(rig.supervisor.withdraw()).isEqualTo(List.of(new Handback(work, 1, 4)));
  }

  @Test
  void child_that_returns_calls_it_does_not_hold_is_killed() {
    give(TaskSample.of(4));
    child.returned(work.number(), 1, 30);
    rig.settle();
    assertThat(child.kills()).isEqualTo(1);
  }
}

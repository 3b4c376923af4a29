package dev.warren.worker.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import dev.warren.worker.config.RecycleReason;
import dev.warren.worker.link.CallMark;
import dev.warren.worker.link.Frame;
import dev.warren.worker.link.FrameType;
import dev.warren.worker.link.RecycleHeader;
import dev.warren.worker.supervise.Supervisor.Handback;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a supervisor does with calls and children, from a call's submission to its end. */
class SupervisorTest {
  private SupervisorRig rig = new SupervisorRig(SupervisorRig.slots(1));

  @AfterEach
  void close() throws IOException {
    rig.close();
  }

  private SupervisorRig rig(int slots) throws IOException {
    rig.close();
    rig = new SupervisorRig(SupervisorRig.slots(slots));
    return rig;
  }

  @Test
  void call_goes_to_a_child_and_its_outcome_to_its_work() {
    FakeWork work = rig.submit(FakeWork.calls(1));
    assertThat(rig.supervisor.callsRunning()).isEqualTo(1);
    rig.child(0).answerAll(250);
    rig.settle();
    assertThat(work.values).containsEntry(0, "{\"value\":0}");
    assertThat(work.busyMicros).isEqualTo(250);
    assertThat(rig.supervisor.callsRunning()).isZero();
    assertThat(rig.supervisor.averageMicros("a.B::c")).isEqualTo(250);
  }

  @Test
  void calls_wait_while_the_worker_is_full() {
    boolean[] full = {true};
    rig.supervisor.holdWhile(() -> full[0]);
    rig.submit(FakeWork.calls(1));
    assertThat(rig.supervisor.callsWaiting()).isEqualTo(1);
    full[0] = false;
    rig.settle();
    rig.startChildren();
    assertThat(rig.supervisor.callsWaiting()).isZero();
  }

  @Test
  void state_is_reported_in_numbers() {
    assertThat(rig.supervisor.hasReadyChild()).isFalse();
    rig.submit(FakeWork.calls(1));
    assertThat(rig.supervisor.hasReadyChild()).isTrue();
    assertThat(rig.supervisor.hasFreeSlot()).isFalse();
    assertThat(rig.supervisor.busySlots()).isEqualTo(1);
    assertThat(rig.supervisor.children()).containsExactly(1000L);
    assertThat(rig.supervisor)
        .hasToString("1 busy of 1 ready children, 1 calls in hand, 0 waiting");
    rig.child(0).answerAll(10);
    rig.settle();
    assertThat(rig.supervisor.hasFreeSlot()).isTrue();
    assertThat(rig.supervisor.childless()).isFalse();
    assertThat(rig.supervisor.id()).startsWith("w-");
    assertThat(rig.supervisor.host()).isNotEmpty();
  }

  // ---- calls back

  @Test
  void waiting_calls_can_be_withdrawn() {
    FakeWork first = rig.submit(FakeWork.calls(3));
    FakeWork second = rig.submit(FakeWork.calls(2));
    assertThat(rig.supervisor.withdraw())
        .containsExactly(new Handback(first, 1, 3), new Handback(second, 0, 2));
    assertThat(rig.supervisor.callsWaiting()).isZero();
  }

  @Test
  void calls_that_would_wait_for_longer_than_a_bound_can_be_withdrawn() {
    rig.submit(FakeWork.calls(1));
    rig.child(0).answerAll(1000);
    rig.settle();
    rig.submit(FakeWork.calls(1, "long::one"));
    FakeWork work = rig.submit(FakeWork.calls(20));
    assertThat(rig.supervisor.callsRunning()).as("10 ms of work are given ahead").isEqualTo(10);
    assertThat(rig.supervisor.backlogMicros()).isEqualTo(11_000);
    assertThat(rig.supervisor.withdrawBeyond(4000)).containsExactly(new Handback(work, 13, 20));
  }

  @Test
  void worker_without_a_child_is_stuck() {
    rig.supervisor.submit(FakeWork.calls(1));
    rig.loop.advanceMillis(300);
    assertThat(rig.supervisor.stalledMicros()).isEqualTo(300_000);
  }

  @Test
  void kill_of_all_children_returns_all_calls_they_held() {
    FakeWork work = rig.submit(FakeWork.calls(1));
    List<Handback> taken = rig.supervisor.killAll();
    assertThat(taken).containsExactly(new Handback(work, 0, 1));
    assertThat(rig.child(0).kills()).isEqualTo(1);
    rig.child(0).exits(137);
    rig.settle();
    assertThat(rig.supervisor.childless()).isTrue();
    assertThat(work.losses).isEmpty();
    assertThat(rig.children()).as("no other is started").hasSize(1);
  }

  @Test
  void kill_of_all_children_returns_the_calls_behind_a_running_one_too() {
    rig.submit(FakeWork.calls(1));
    rig.child(0).answerAll(100);
    rig.settle();
    FakeWork work = rig.submit(FakeWork.calls(5));
    rig.child(0).running(work.number(), 0, 10);
    rig.settle();
    assertThat(rig.supervisor.killAll())
        .containsExactly(new Handback(work, 0, 1), new Handback(work, 1, 5));
  }

  @Test
  void idle_children_get_quit_and_others_are_killed() throws IOException {
    rig(2);
    rig.submit(FakeWork.calls(1));
    rig.child(0).answerAll(10);
    rig.settle();
    rig.supervisor.submit(FakeWork.calls(1, "other::one"));
    rig.settle();
    rig.supervisor.quitAll();
    rig.settle();
    long quits = rig.children().stream().filter(child -> child.got(FrameType.QUIT)).count();
    long kills = rig.children().stream().filter(child -> child.kills() > 0).count();
    assertThat(quits).isEqualTo(1);
    assertThat(kills).isEqualTo(1);
  }

  // ---- cancelled calls

  @Test
  void cancelled_call_is_interrupted_and_killed_when_its_grace_expires() {
    FakeWork work = rig.submit(FakeWork.calls(1));
    assertThat(rig.supervisor.cancel(work, 0, 500)).isTrue();
    rig.settle();
    assertThat(CallMark.read(rig.child(0).only(FrameType.INTERRUPT)))
        .isEqualTo(new CallMark(work.number(), 0, 0));
    rig.loop.advanceMillis(499);
    assertThat(rig.child(0).kills()).isZero();
    rig.loop.advanceMillis(1);
    assertThat(rig.child(0).kills()).isEqualTo(1);
    assertThat(work.failures.get(0).kind()).isEqualTo(FailureKind.CANCELLED);
    assertThat(work.failures.get(0).neverStarted()).isFalse();
  }

  @Test
  void cancelled_call_that_ends_in_time_costs_no_child() {
    FakeWork work = rig.submit(FakeWork.calls(1));
    rig.supervisor.cancel(work, 0, 500);
    rig.loop.advanceMillis(499);
    rig.child(0).answerAll(10);
    rig.loop.advanceMillis(10);
    assertThat(rig.child(0).kills()).isZero();
    assertThat(work.values).containsKey(0);
  }

  @Test
  void outcome_that_arrives_with_the_end_of_the_grace_counts() {
    FakeWork work = rig.submit(FakeWork.calls(1));
    rig.supervisor.cancel(work, 0, 500);
    rig.loop.settle();
    rig.child(0).answerAll(10);
    rig.loop.time().pass(Duration.ofMillis(500));
    rig.loop.settle();
    assertThat(rig.child(0).kills()).isZero();
    assertThat(work.values).containsKey(0);
  }

  @Test
  void negative_grace_leaves_a_running_call_alone() {
    FakeWork work = rig.submit(FakeWork.calls(1));
    assertThat(rig.supervisor.cancel(work, 0, -1)).isTrue();
    rig.loop.advanceMillis(100_000);
    assertThat(rig.child(0).got(FrameType.INTERRUPT)).isFalse();
    assertThat(rig.child(0).kills()).isZero();
  }

  @Test
  void call_that_no_child_holds_is_not_cancelled_here() {
    FakeWork work = FakeWork.calls(1);
    rig.supervisor.submit(work);
    assertThat(rig.supervisor.cancel(work, 0, 0)).isFalse();
  }

  // ---- children that do not do as they should

  @Test
  void child_that_does_not_connect_within_a_minute_is_killed() {
    rig.settle();
    rig.loop.advanceMillis(60_000);
    assertThat(rig.child(0).kills()).isZero();
    rig.loop.advanceMillis(600);
    assertThat(rig.child(0).kills()).isPositive();
  }

  @Test
  void child_that_does_not_leave_within_ten_seconds_is_killed() {
    rig.submit(FakeWork.calls(1));
    rig.child(0).answerAll(10);
    rig.settle();
    rig.supervisor.quitAll();
    rig.loop.advanceMillis(11_000);
    assertThat(rig.child(0).kills()).isPositive();
  }

  @Test
  void child_that_sends_a_supervisors_frame_is_killed() {
    rig.submit(FakeWork.calls(1));
    rig.child(0).send(new Frame(FrameType.QUIT, Payload.of("\"x\"")));
    rig.settle();
    assertThat(rig.child(0).kills()).isEqualTo(1);
    assertThat(rig.child(0).linkEnded()).isTrue();
  }

  @Test
  void child_whose_initializer_failed_is_killed_unless_it_leaves_within_two_seconds() {
    rig.supervisor.submit(FakeWork.calls(1));
    rig.settle();
    rig.child(0).connect();
    rig.settle();
    rig.child(0).initFailed(RemoteFailure.of(FailureKind.FAILED, "no database", 1));
    rig.loop.advanceMillis(1999);
    assertThat(rig.child(0).kills()).isZero();
    rig.loop.advanceMillis(10);
    assertThat(rig.child(0).kills()).isEqualTo(1);
  }

  // ---- replacement by plan

  @Test
  void child_that_asks_to_be_recycled_leaves_after_its_call() {
    FakeWork work = rig.submit(FakeWork.calls(1));
    rig.child(0).send(new RecycleHeader("requested").frame());
    rig.settle();
    assertThat(rig.children()).as("its replacement is on its way").hasSize(2);
    assertThat(rig.child(0).got(FrameType.QUIT)).isFalse();
    rig.child(0).answerAll(10);
    rig.settle();
    assertThat(work.values).containsKey(0);
    assertThat(rig.child(0).got(FrameType.QUIT)).isTrue();
    assertThat(rig.told)
        .contains("recycled " + rig.child(0).name + " REQUESTED the call asked for it");
    assertThat(rig.supervisor.recycled()).isEqualTo(1);
    rig.child(0).exits(0);
    rig.settle();
    assertThat(rig.told).noneMatch(line -> line.startsWith("lost"));
  }

  @Test
  void idle_child_past_its_age_is_recycled() throws IOException {
    rig.close();
    rig = new SupervisorRig(SupervisorRig.slots(1).maxChildAge(Duration.ofSeconds(60)));
    rig.submit(FakeWork.calls(1));
    rig.child(0).answerAll(10);
    rig.loop.advanceMillis(61_000);
    rig.settle();
    assertThat(rig.child(0).got(FrameType.QUIT)).isTrue();
    assertThat(rig.told).anyMatch(line -> line.contains(RecycleReason.AGE.name()));
  }

  @Test
  void child_is_given_at_most_its_number_of_calls() throws IOException {
    rig.close();
    rig = new SupervisorRig(SupervisorRig.slots(1).maxTasksPerChild(2));
    rig.submit(FakeWork.calls(1));
    rig.child(0).answerAll(1);
    rig.settle();
    FakeWork many = rig.submit(FakeWork.calls(5));
    assertThat(rig.child(0).callsGiven()).isEqualTo(1);
    rig.child(0).answerAll(1);
    rig.settle();
    assertThat(rig.child(0).got(FrameType.QUIT)).isTrue();
    rig.startChildren();
    assertThat(rig.child(1).callsGiven()).isEqualTo(2);
    assertThat(many.values).hasSize(1);
  }
}

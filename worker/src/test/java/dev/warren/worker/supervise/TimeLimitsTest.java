package dev.warren.worker.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.task.FailureKind;
import dev.warren.task.RemoteFailure;
import dev.warren.task.TaskOptions;
import dev.warren.worker.TaskSample;
import dev.warren.worker.link.CallsHeader;
import dev.warren.worker.link.Note;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls that exceed their hard time limit. */
class TimeLimitsTest {
  private final SupervisorRig rig = new SupervisorRig(SupervisorRig.slots(1));

  @AfterEach
  void close() throws IOException {
    rig.close();
  }

  private FakeWork limited(int millis) {
    return limited(1, millis);
  }

  private FakeWork limited(int calls, int millis) {
    return rig.submit(
        new FakeWork(
            TaskSample.of(calls)
                .options(TaskOptions.builder().timeLimit(Duration.ofMillis(millis)))));
  }

  @Test
  void call_past_its_hard_limit_ends_with_its_child_and_has_its_stack() {
    FakeWork work = limited(1000);
    FakeChild child = rig.child(0);
    child.running(work.number(), 0, 0);
    rig.settle();
    rig.loop.advanceMillis(900);
    child.send(new Note(work.number(), 0, null, null, "hard", "at x.Y.z(Y:1)").frame());
    rig.loop.advanceMillis(80);
    assertThat(child.kills()).isZero();
    rig.loop.advanceMillis(40);
    assertThat(child.kills()).isEqualTo(1);
    RemoteFailure failure = work.failures.get(0);
    assertThat(failure.kind()).isEqualTo(FailureKind.TIME_LIMIT);
    assertThat(failure.message())
        .isEqualTo("exceeded its hard limit of 1000 ms; its child was killed");
    assertThat(failure.stack()).isEqualTo("at x.Y.z(Y:1)");
    assertThat(failure.details()).containsEntry("limit", "hard").containsEntry("limitMs", 1000L);
    child.exits(137);
    rig.settle();
    assertThat(work.losses).as("the limit is the reason, not the death").isEmpty();
  }

  @Test
  void calls_behind_a_killed_one_run_elsewhere_uncharged() {
    rig.submit(FakeWork.calls(1));
    rig.child(0).answerAll(100);
    rig.settle();
    FakeWork work = limited(5, 1000);
    rig.child(0).running(work.number(), 0, 0);
    rig.settle();
    rig.loop.advanceMillis(1100);
    rig.child(0).exits(137);
    rig.settle();
    rig.startChildren();
    assertThat(work.failures.keySet()).containsExactly(0);
    assertThat(work.losses).isEmpty();
    assertThat(rig.child(1).callsGiven()).isEqualTo(4);
  }

  @Test
  void limit_kill_that_hits_the_next_call_does_not_charge_it() {
    rig.submit(FakeWork.calls(1));
    rig.child(0).answerAll(100);
    rig.settle();
    FakeWork work = limited(3, 1000);
    rig.child(0).running(work.number(), 0, 0);
    rig.settle();
    rig.loop.advanceMillis(1100);
    assertThat(rig.child(0).kills()).isEqualTo(1);
    rig.child(0).outcomes(work.number(), 0, 1, 10).running(work.number(), 1, 0).exits(137);
    rig.settle();
    assertThat(work.failures.keySet()).as("it was late").containsExactly(0);
    assertThat(work.losses).isEmpty();
    rig.startChildren();
    assertThat(rig.child(1).callsGiven()).isEqualTo(2);
  }

  @Test
  void arrived_but_unread_outcome_counts() {
    FakeWork work = limited(1000);
    rig.child(0).running(work.number(), 0, 0);
    rig.settle();
    rig.loop.advanceMillis(990);
    rig.child(0).answerAll(10);
    rig.loop.time().pass(Duration.ofMillis(200));
    rig.settle();
    assertThat(rig.child(0).kills()).isZero();
    assertThat(work.values).containsKey(0);
  }

  @Test
  void silent_child_gets_half_a_second_more() {
    limited(1000);
    rig.loop.advanceMillis(1480);
    assertThat(rig.child(0).kills()).isZero();
    rig.loop.advanceMillis(60);
    assertThat(rig.child(0).kills()).isEqualTo(1);
  }

  @Test
  void nothing_is_watched_without_limits() {
    rig.submit(FakeWork.calls(1));
    rig.child(0).answerAll(10);
    rig.settle();
    assertThat(rig.loop.nextWait().orElseThrow()).isGreaterThan(Duration.ofMillis(20));
    limited(1000);
    assertThat(rig.loop.nextWait().orElseThrow()).isLessThanOrEqualTo(Duration.ofMillis(20));
  }

  @Test
  void child_announces_each_call_of_a_short_limit_before_it_starts() {
    limited(49);
    assertThat(rig.child(0).takeCalls())
        .singleElement()
        .extracting(CallsHeader::flushEach)
        .isEqualTo(true);
    rig.child(0).closeLink();
  }
}

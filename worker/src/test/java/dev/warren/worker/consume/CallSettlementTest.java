package dev.warren.worker.consume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.broker.Broker;
import dev.warren.task.Backoff;
import dev.warren.task.FailureKind;
import dev.warren.task.RemoteFailure;
import dev.warren.task.TaskOptions;
import dev.warren.wire.CallRanges;
import dev.warren.wire.Headers;
import dev.warren.wire.ResultMessage;
import dev.warren.wire.TaskMessage;
import dev.warren.wire.control.RefusalMessage;
import dev.warren.worker.TaskSample;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What happens to a call that ended: its outcome, its next attempt, or the dead-letter queue. */
class CallSettlementTest {
  private static final RemoteFailure THREW = threw(true);

  private final EndsRig rig = new EndsRig();

  private static RemoteFailure threw(boolean retryable) {
    return new RemoteFailure(
        FailureKind.FAILED, "x.Y", "no", null, List.of("x.Y"), retryable, null, 1, Map.of());
  }

  private static TaskOptions.Builder attempts(int max) {
    return TaskOptions.builder().maxAttempts(max);
  }

  private static RemoteFailure lost() {
    return RemoteFailure.of(FailureKind.CHILD_LOST, "its child was ended by SIGKILL", 1);
  }

  @Test
  void value_goes_to_its_owner() {
    HeldTask held = rig.run(TaskSample.of(3));
    rig.step(() -> held.outcomes(0, EndsRig.values(3), EndsRig.took(30)));
    ResultMessage result = rig.takeResults().get(0);
    assertThat(result.calls()).isEqualTo(CallRanges.of(0, 3));
    assertThat(result.busyMicros()).isEqualTo(30);
    assertThat(rig.ends.ended()).isEqualTo(3);
    assertThat(rig.ends.failures()).isZero();
  }

  @Test
  void task_without_an_owner_is_settled_without_a_message() {
    HeldTask held = rig.run(TaskSample.of(1).owner(null));
    rig.step(() -> held.outcomes(0, EndsRig.values(1), EndsRig.took(30)));
    assertThat(EndsRig.acked(held)).isTrue();
    assertThat(rig.broker.sent).isEmpty();
  }

  // ---- calls that threw

  @Test
  void call_with_one_attempt_fails_at_its_owner() {
    HeldTask held = rig.run(TaskSample.of(1));
    rig.fails(held, 0, THREW);
    assertThat(rig.takeFailure().message()).isEqualTo("no");
    assertThat(rig.broker.sent).isEmpty();
    assertThat(rig.ends.failures()).isEqualTo(1);
  }

  @Test
  void call_with_attempts_left_is_run_again_alone_after_its_wait() {
    HeldTask held =
        rig.run(
            TaskSample.of(3).options(attempts(3).backoff(Backoff.fixed(Duration.ofSeconds(1)))));
    rig.fails(held, 1, THREW);
    TaskMessage next = TaskSample.read(rig.broker.takeOne(EndsRig.NAMES.delay(800)));
    assertThat(next.calls()).isEqualTo(CallRanges.of(1, 1));
    assertThat(next.counts()).isEqualTo(new TaskMessage.Counts(2, 0, 0));
    assertThat(rig.takeResults()).isEmpty();
    assertThat(EndsRig.acked(held)).isFalse();
    assertThat(rig.ends.ended()).isEqualTo(1);
  }

  @Test
  void last_attempt_is_dead_lettered_and_then_reported_to_its_owner() {
    HeldTask held = rig.run(TaskSample.of(1).options(attempts(2)).counts(2, 0, 0));
    rig.broker.holdConfirms();
    rig.fails(held, 0, THREW);
    assertThat(rig.takeDead().get(0).headers().get(Headers.CAUSE).toString()).contains("\"no\"");
    assertThat(rig.takeResults()).as("before it is parked").isEmpty();
    rig.broker.confirmAll();
    rig.loop.settle();
    assertThat(rig.takeFailure().message()).isEqualTo("no");
    assertThat(EndsRig.acked(held)).isTrue();
  }

  @Test
  void permanent_failure_uses_no_further_attempt() {
    HeldTask held = rig.run(TaskSample.of(1).options(attempts(3)));
    rig.fails(held, 0, threw(false));
    assertThat(rig.takeDead()).hasSize(1);
    assertThat(rig.takeFailure().message()).isEqualTo("no");
  }

  @Test
  void failed_call_without_an_owner_is_dead_lettered() {
    HeldTask held = rig.run(TaskSample.of(1).owner(null));
    rig.fails(held, 0, threw(false));
    assertThat(rig.takeDead()).hasSize(1);
    assertThat(EndsRig.acked(held)).isTrue();
  }

  @Test
  void refused_call_of_a_foreign_producer_is_dead_lettered_too() {
    HeldTask held = rig.run(TaskSample.of(1).foreign("c-7"));
    rig.fails(held, 0, RemoteFailure.of(FailureKind.REJECTED, "arguments do not convert", 1));
    assertThat(rig.takeDead()).hasSize(1);
    ResultMessage result = rig.takeResults().get(0);
    assertThat(result.correlationId()).isEqualTo("c-7");
  }

  @Test
  void failed_call_of_a_foreign_producer_is_reported_and_not_dead_lettered() {
    HeldTask held = rig.run(TaskSample.of(1).foreign(null));
    rig.fails(held, 0, threw(false));
    assertThat(rig.takeDead()).isEmpty();
    assertThat(rig.takeResults().get(0).correlationId()).isEqualTo(held.task().id());
  }

  // ---- calls whose child died

  @Test
  void lost_call_runs_again_at_once_while_its_budget_lasts() {
    HeldTask held = rig.run(TaskSample.of(2));
    rig.step(() -> held.childLost(1, lost()));
    TaskMessage again = rig.takeAgain().get(0);
    assertThat(again.calls()).isEqualTo(CallRanges.of(1, 1));
    assertThat(again.counts()).isEqualTo(new TaskMessage.Counts(1, 1, 0));
    assertThat(rig.ends.failures()).isEqualTo(1);
  }

  @Test
  void one_loss_too_many_is_dead_lettered_and_reported_with_the_number_of_losses() {
    HeldTask held = rig.run(TaskSample.of(1).counts(1, 3, 0));
    rig.step(() -> held.childLost(0, lost()));
    assertThat(rig.takeDead()).hasSize(1);
    RemoteFailure told = rig.takeFailure();
    assertThat(told.kind()).isEqualTo(FailureKind.CHILD_LOST);
    assertThat(told.details()).containsEntry("lossCount", 4);
  }

  @Test
  void at_most_once_call_ends_with_its_first_loss() {
    HeldTask held = rig.run(TaskSample.of(1).options(TaskOptions.builder().atMostOnce(true)));
    rig.step(() -> held.childLost(0, lost()));
    assertThat(rig.takeAgain()).isEmpty();
    assertThat(rig.takeFailure().details()).containsEntry("lossCount", 1);
  }

  // ---- calls that this worker cannot run

  @Test
  void refused_call_goes_to_another_worker_uncharged() {
    HeldTask held = rig.run(TaskSample.of(2));
    rig.broker.depths.put(EndsRig.NAMES.tasks(), new Broker.QueueDepth(0, 2));
    rig.fails(held, 0, RemoteFailure.refusedHere("no such class", 1));
    assertThat(rig.takeAgain()).as("the other has not answered").isEmpty();
    rig.step(
        () ->
            rig.ends
                .refusals()
                .hear(new RefusalMessage("w-2", 1, "a.B::c", RefusalMessage.Says.MAY, null), null));
    TaskMessage passed = rig.takeAgain().get(0);
    assertThat(passed.calls()).isEqualTo(CallRanges.of(0, 1));
    assertThat(passed.counts()).isEqualTo(TaskMessage.Counts.FIRST);
    assertThat(held.isPartlyGivenBack()).isTrue();
  }

  @Test
  void call_that_no_worker_can_run_is_rejected() {
    HeldTask held = rig.run(TaskSample.of(1));
    rig.broker.depths.put(EndsRig.NAMES.tasks(), new Broker.QueueDepth(0, 1));
    rig.fails(held, 0, RemoteFailure.refusedHere("no such class", 1));
    assertThat(rig.takeFailure().kind()).isEqualTo(FailureKind.REJECTED);
  }

  // ---- the last resort

  @Test
  void unsent_outcome_is_reported_until_that_succeeds() {
    HeldTask held = rig.run(TaskSample.of(1));
    assertThat(held.tryEnd(0)).isTrue();
    rig.step(() -> rig.ends.unsent(held, 0, new IllegalStateException("on purpose")));
    RemoteFailure told = rig.takeFailure();
    assertThat(told.kind()).isEqualTo(FailureKind.RESULT_NOT_SERIALIZABLE);
    assertThat(told.message()).contains("could not send the outcome", "on purpose");
    assertThat(EndsRig.acked(held)).isTrue();
  }

  @Test
  void unsent_next_attempt_ends_the_call_at_its_owner() {
    HeldTask held = rig.run(TaskSample.of(1).options(attempts(3)));
    rig.broker.thenThrows(new IllegalStateException("on purpose"));
    rig.fails(held, 0, THREW);
    assertThat(rig.takeFailure().message()).contains("could not send the outcome");
  }

  @Test
  void unsent_lost_call_ends_at_its_owner() {
    HeldTask held = rig.run(TaskSample.of(1));
    rig.broker.thenThrows(new IllegalStateException("on purpose"));
    rig.step(() -> held.childLost(0, lost()));
    assertThat(rig.takeFailure().message()).contains("could not send the outcome");
    assertThat(EndsRig.acked(held)).isTrue();
  }

  // ---- calls that nobody waits for, and workers that keep all failures

  private static RemoteFailure overTime() {
    return RemoteFailure.of(FailureKind.TIME_LIMIT, "ran longer than 1s", 1);
  }

  @Test
  void call_at_its_time_limit_is_dead_lettered_when_nobody_waits_for_it() {
    HeldTask held = rig.run(TaskSample.of(1).owner(null));
    rig.step(() -> held.fail(0, overTime()));
    assertThat(rig.takeDead()).hasSize(1);
    assertThat(EndsRig.acked(held)).isTrue();
  }

  @Test
  void call_at_its_time_limit_is_only_reported_when_its_owner_waits() {
    HeldTask held = rig.run(TaskSample.of(1));
    rig.step(() -> held.fail(0, overTime()));
    assertThat(rig.takeFailure().kind()).isEqualTo(FailureKind.TIME_LIMIT);
    assertThat(rig.broker.sent).isEmpty();
  }

  @Test
  void only_attempt_is_dead_lettered_when_nobody_waits_for_it() {
    HeldTask held = rig.run(TaskSample.of(1).owner(null));
    rig.fails(held, 0, THREW);
    assertThat(rig.takeDead()).hasSize(1);
  }

  @Test
  void worker_that_keeps_failures_dead_letters_them_and_reports_them() {
    EndsRig keeping = new EndsRig(true);
    HeldTask threw = keeping.run(TaskSample.of(1));
    keeping.fails(threw, 0, THREW);
    assertThat(keeping.takeDead()).hasSize(1);
    assertThat(keeping.takeFailure().message()).isEqualTo("no");
    HeldTask slow = keeping.run(TaskSample.of(1));
    keeping.step(() -> slow.fail(0, overTime()));
    assertThat(keeping.takeDead()).hasSize(1);
    assertThat(keeping.takeFailure().kind()).isEqualTo(FailureKind.TIME_LIMIT);
  }

  @Test
  void cancelled_call_is_never_dead_lettered() {
    EndsRig keeping = new EndsRig(true);
    HeldTask held = keeping.run(TaskSample.of(1));
    keeping.step(() -> held.fail(0, RemoteFailure.of(FailureKind.CANCELLED, "cancelled", 1)));
    assertThat(keeping.takeFailure().kind()).isEqualTo(FailureKind.CANCELLED);
    assertThat(keeping.broker.sent).isEmpty();
  }
}

package dev.warren.worker.consume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.broker.BrokerException;
import dev.warren.broker.PoolNames;
import dev.warren.json.Lines;
import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import dev.warren.task.TaskOptions;
import dev.warren.wire.Headers;
import dev.warren.wire.Message;
import dev.warren.wire.OutcomeLine;
import dev.warren.wire.ResultMessage;
import dev.warren.wire.child.ChildState;
import dev.warren.worker.TaskSample;
import dev.warren.worker.supervise.calls.CallRun;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How outcomes reach their owners, and when an owner is considered gone. */
class ResultSenderTest {
  private final EndsRig rig = new EndsRig();

  private HeldTask sendOne() {
    return send(TaskSample.of(1));
  }

  private HeldTask send(TaskSample task) {
    HeldTask held = rig.run(task);
    rig.step(() -> held.outcomes(0, EndsRig.values(held.task().count()), EndsRig.took(5)));
    return held;
  }

  // ---- one message or many

  @Test
  void outcomes_are_sent_at_once_while_few_messages_are_unconfirmed_and_batched_then() {
    rig.broker.holdConfirms();
    for (int i = 0; i < 4; i++) {
      sendOne();
    }
    assertThat(rig.takeResults()).hasSize(4);
    for (int i = 0; i < 10; i++) {
      sendOne();
    }
    assertThat(rig.takeResults()).isEmpty();
    rig.broker.confirmOne();
    rig.loop.settle();
    assertThat(rig.takeResults())
        .singleElement()
        .satisfies(result -> assertThat(result.outcomes().count()).isEqualTo(10));
  }

  @Test
  void only_a_durable_job_is_told_in_which_state_children_ran_its_calls() {
    String job = PoolNames.jobResults("x7");
    CallRun run = new CallRun(30, new ChildState(700, 99, 470));
    HeldTask ofJob = rig.run(TaskSample.of(3).owner(job));
    rig.step(() -> ofJob.outcomes(0, EndsRig.values(3), run));
    HeldTask ofClient = rig.run(TaskSample.of(3));
    rig.step(() -> ofClient.outcomes(0, EndsRig.values(3), run));
    assertThat(rig.broker.takeFrom(job))
        .extracting(message -> message.headers().get(Headers.CHILD_STATES))
        .containsExactly("1*600/80/400,2*600/100/400");
    assertThat(rig.takeResults())
        .singleElement()
        .satisfies(result -> assertThat(result.children().isUnknown()).isTrue());
  }

  @Test
  void failures_are_told_with_the_state_of_their_own_child() {
    String job = PoolNames.jobResults("x7");
    HeldTask held = rig.run(TaskSample.of(4).owner(job));
    RemoteFailure failure = RemoteFailure.of(FailureKind.FAILED, "no", 1);
    RemoteFailure lost =
        RemoteFailure.of(FailureKind.TIME_LIMIT, "late", 1)
            .withWhere(new RemoteFailure.Where("h", 7, "w-1-1", 65_000L, 5L, 80L << 20));
    CallRun run = new CallRun(20, new ChildState(1, 1, 64));
    rig.step(
        () -> {
          held.outcomes(
              0, Lines.split(Payload.of("{\"value\":1}\n" + OutcomeLine.of(failure).text())), run);
          held.fail(2, lost);
          held.fail(3, RemoteFailure.of(FailureKind.CANCELLED, "cancelled", 1));
        });
    assertThat(rig.broker.takeFrom(job))
        .extracting(message -> message.headers().get(Headers.CHILD_STATES))
        .containsExactly("1*1/1/60,1*1/2/60,1*60/5/80,1*//");
  }

  @Test
  void outcomes_to_a_distant_broker_are_batched_for_five_milliseconds_only() {
    rig.broker.roundTrip = Duration.ofMillis(50);
    rig.broker.holdConfirms();
    for (int i = 0; i < 4; i++) {
      sendOne();
    }
    rig.takeResults();
    sendOne();
    sendOne();
    assertThat(rig.takeResults()).isEmpty();
    rig.loop.advanceMillis(5);
    assertThat(rig.takeResults()).hasSize(1);
  }

  @Test
  void outcomes_that_must_not_share_a_message_have_one_each() {
    rig.broker.holdConfirms();
    for (int i = 0; i < 10; i++) {
      send(TaskSample.of(1).options(TaskOptions.builder().coalesce(false)));
    }
    assertThat(rig.takeResults()).hasSize(10);
  }

  @Test
  void outcomes_of_foreign_tasks_and_of_other_attempts_have_separate_messages() {
    rig.broker.holdConfirms();
    for (int i = 0; i < 4; i++) {
      sendOne();
    }
    rig.takeResults();
    send(TaskSample.of(1));
    send(TaskSample.of(1).counts(1, 0, 1));
    send(TaskSample.of(1).foreign("c"));
    rig.broker.confirmAll();
    rig.loop.settle();
    List<Message> messages = rig.broker.takeFrom(TaskSample.OWNER);
    assertThat(messages).hasSize(3);
    assertThat(messages.get(1).headers()).containsEntry(Headers.HOST_LOSSES, 1);
  }

  @Test
  void sender_is_idle_once_everything_is_confirmed() {
    rig.broker.holdConfirms();
    sendOne();
    assertThat(rig.results.idle()).isFalse();
    assertThat(rig.results.isFull()).isFalse();
    rig.broker.confirmAll();
    rig.loop.settle();
    assertThat(rig.results.idle()).isTrue();
  }

  @Test
  void worker_with_too_many_unconfirmed_bytes_is_full() {
    rig.broker.holdConfirms();
    Lines large = Lines.single(Payload.of("{\"value\":\"" + "x".repeat(1 << 20) + "\"}"));
    long max = Math.max(4 << 20, Math.min(256 << 20, Runtime.getRuntime().maxMemory() / 8));
    for (long sent = 0; sent <= max; sent += large.bytes(0, 1)) {
      assertThat(rig.results.isFull()).isFalse();
      HeldTask held = rig.run(TaskSample.of(1));
      rig.step(() -> held.outcomes(0, large, EndsRig.took(5)));
    }
    assertThat(rig.results.isFull()).isTrue();
    rig.broker.confirmAll();
    rig.loop.settle();
    assertThat(rig.results.isFull()).isFalse();
  }

  // ---- owners that are gone, or seem so

  @Test
  void an_owner_whose_queue_does_not_exist_is_gone() {
    rig.broker.thenUnroutable().thenUnroutable().thenUnroutable();
    HeldTask held = sendOne();
    rig.loop.advanceMillis(1400);
    assertThat(rig.gone).containsExactly(TaskSample.OWNER);
    assertThat(EndsRig.acked(held)).isTrue();
    assertThat(rig.broker.taken).isEmpty();
  }

  @Test
  void an_owner_whose_queue_was_recreated_gets_its_outcome() {
    rig.broker.thenUnroutable();
    sendOne();
    rig.loop.advanceMillis(700);
    assertThat(rig.gone).isEmpty();
    assertThat(rig.broker.taken).hasSize(1);
  }

  @Test
  void an_owner_whose_queue_cannot_be_asked_for_is_not_gone() {
    rig.broker.depthFails(
        new BrokerException("home node of durable queue 'q' in vhost '/' is down or inaccessible"));
    rig.broker.thenUnroutable().thenUnroutable().thenUnroutable().thenUnroutable();
    sendOne();
    rig.loop.advanceMillis(5000);
    assertThat(rig.gone).isEmpty();
    assertThat(rig.broker.taken).hasSize(1);
  }

  @Test
  void outcome_returned_by_a_direct_reply_queue_has_arrived() {
    String direct = "amq.rabbitmq.reply-to.g1";
    rig.broker.thenUnroutable();
    HeldTask held = send(TaskSample.of(1).owner(direct).foreign("c"));
    assertThat(EndsRig.acked(held)).isTrue();
    assertThat(rig.gone).isEmpty();
  }

  // ---- refusals

  @Test
  void outcomes_that_are_too_large_together_are_sent_one_by_one() {
    rig.broker.thenFails(BrokerException.unsendable("message body has 9 bytes"));
    HeldTask held = send(TaskSample.of(3));
    assertThat(rig.takeResults()).hasSize(3);
    assertThat(EndsRig.acked(held)).isTrue();
  }

  @Test
  void batched_outcomes_that_are_too_large_together_are_sent_run_by_run() {
    rig.broker.holdConfirms();
    for (int i = 0; i < 4; i++) {
      sendOne();
    }
    HeldTask one = sendOne();
    HeldTask two = sendOne();
    rig.broker.thenFails(BrokerException.unsendable("too large"));
    rig.broker.confirmAll();
    rig.loop.settle();
    assertThat(EndsRig.acked(one) && EndsRig.acked(two)).isTrue();
    assertThat(rig.takeResults()).hasSize(6);
  }

  @Test
  void outcome_that_cannot_be_sent_is_replaced_by_the_reason() {
    rig.broker.thenFails(BrokerException.unsendable("message body has 9 bytes"));
    HeldTask held = sendOne();
    ResultMessage result = rig.takeResults().get(0);
    assertThat(OutcomeLine.failure(result.outcomes().get(0)).kind())
        .isEqualTo(FailureKind.RESULT_NOT_SERIALIZABLE);
    assertThat(OutcomeLine.failure(result.outcomes().get(0)).message())
        .isEqualTo("the outcome cannot be sent: message body has 9 bytes");
    assertThat(EndsRig.acked(held)).isTrue();
  }

  @Test
  void call_whose_owner_cannot_be_notified_is_settled() {
    rig.broker
        .thenFails(BrokerException.unsendable("no"))
        .thenFails(BrokerException.unsendable("no"));
    assertThat(EndsRig.acked(sendOne())).isTrue();
  }

  @Test
  void refused_publish_is_retried_until_it_succeeds() {
    rig.broker.thenFails(new BrokerException("no permission"));
    HeldTask held = sendOne();
    assertThat(EndsRig.acked(held)).isFalse();
    rig.loop.advanceMillis(500);
    assertThat(EndsRig.acked(held)).isTrue();
  }

  @Test
  void outcomes_of_a_closed_broker_leave_their_tasks_unacknowledged() {
    rig.broker.thenFails(BrokerException.closed("closed"));
    HeldTask held = sendOne();
    rig.loop.advanceMillis(60_000);
    assertThat(EndsRig.acked(held)).isFalse();
    assertThat(rig.results.idle()).isTrue();
  }
}

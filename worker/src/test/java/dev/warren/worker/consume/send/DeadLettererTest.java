package dev.warren.worker.consume.send;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.Headers;
import dev.warren.wire.Message;
import dev.warren.wire.OutcomeLine;
import dev.warren.wire.ResultMessage;
import dev.warren.wire.WireFormatException;
import dev.warren.worker.TaskSample;
import dev.warren.worker.consume.EndsRig;
import dev.warren.worker.consume.FakeDelivery;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is dead-lettered, and with which cause. */
class DeadLettererTest {
  private final EndsRig rig = new EndsRig();

  private FakeDelivery parked(@Nullable String replyTo, @Nullable String correlation) {
    Message message =
        new Message("m", "odd", replyTo, correlation, 4, Map.of("h", "v"), Payload.of("body"));
    FakeDelivery delivery = new FakeDelivery(message);
    rig.step(
        () -> rig.deadLetterer.deadLetterMalformed(delivery, new WireFormatException("no\ntask")));
    return delivery;
  }

  @Test
  void malformed_task_is_dead_lettered_before_it_is_acknowledged() {
    rig.broker.holdConfirms();
    FakeDelivery delivery = parked(null, null);
    assertThat(delivery.acked()).isFalse();
    rig.broker.confirmAll();
    rig.loop.settle();
    assertThat(delivery.acked()).isTrue();
    Message dead = rig.takeDead().get(0);
    assertThat(dead.body().text()).isEqualTo("body");
    assertThat(dead.headers()).containsEntry("h", "v").containsKey(Headers.DIED_AT_MS);
    assertThat(dead.headers().get(Headers.CAUSE).toString()).contains("rejected", "no?task");
  }

  @Test
  void its_sender_is_notified_if_its_reply_queue_is_allowed() {
    parked(TaskSample.OWNER, "c-9");
    ResultMessage told =
        TaskSample.CODECS.results().read(TaskSample.OWNER, rig.broker.takeOne(TaskSample.OWNER));
    assertThat(told.correlationId()).isEqualTo("c-9");
    assertThat(OutcomeLine.failure(told.outcomes().get(0)).kind()).isEqualTo(FailureKind.REJECTED);
    parked(TaskSample.OWNER, null);
    assertThat(rig.takeResults().get(0).correlationId()).isEqualTo("m");
    parked("payroll.commands", null);
    assertThat(rig.broker.takeFrom("payroll.commands")).isEmpty();
  }

  @Test
  void evidence_too_long_for_a_header_is_cut_to_its_message() {
    RemoteFailure failure =
        RemoteFailure.of(FailureKind.FAILED, "short", 2).withStack("at x\n".repeat(10_000));
    rig.step(() -> rig.deadLetterer.park(TaskSample.of(1).build(), failure, () -> {}));
    String cause = rig.takeDead().get(0).headers().get(Headers.CAUSE).toString();
    assertThat(cause).hasSizeLessThan(1000).contains("short").contains("\"attempt\":2");
  }
}

package dev.warren.worker.consume.send;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.broker.BrokerException;
import dev.warren.broker.PoolNames;
import dev.warren.task.Backoff;
import dev.warren.task.Payload;
import dev.warren.testkit.DirectExecutor;
import dev.warren.testkit.ManualLoop;
import dev.warren.wire.Headers;
import dev.warren.wire.Message;
import dev.warren.wire.TaskMessage;
import dev.warren.worker.TaskSample;
import dev.warren.worker.consume.ScriptedBroker;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How tasks are put back, at once or after a delay, and when they may be acknowledged. */
class RepublisherTest {
  private static final PoolNames NAMES = new PoolNames("p");
  private static final Duration AT_RISK = Duration.ofMillis(500);
  private static final Message MESSAGE =
      new Message("m", "t", "r", "c", 4, Map.of(), Payload.of("[1]"));

  private final ManualLoop loop = new ManualLoop();
  private final DirectExecutor helper = new DirectExecutor();
  private final ScriptedBroker broker = new ScriptedBroker();
  private final Republisher republisher =
      new Republisher(broker, TaskSample.CODECS.tasks(), NAMES, loop, "w-1", helper);
  private int done;

  private void deferRedelivery(boolean soon) {
    loop.step(() -> republisher.deferRedelivery(MESSAGE, soon, () -> done++));
    loop.settle();
  }

  private void publish(TaskMessage task) {
    loop.step(() -> republisher.publish(task, () -> done++));
    loop.settle();
  }

  @Test
  void original_of_a_new_delay_queue_stays_unacknowledged_while_the_queue_is_at_risk() {
    broker.queueAtRiskFor = AT_RISK;
    deferRedelivery(true);
    deferRedelivery(true);
    loop.advance(AT_RISK.minusMillis(1));
    assertThat(done).isZero();
    assertThat(broker.takeFrom(NAMES.delay(100))).hasSize(2);
    loop.advanceMillis(5);
    assertThat(done).isEqualTo(2);
    assertThat(broker.declared).containsExactly(NAMES.delayTopology(100));
    deferRedelivery(true);
    assertThat(done).as("its risk is over").isEqualTo(3);
  }

  @Test
  void nothing_waits_if_new_queues_are_not_at_risk() {
    deferRedelivery(true);
    assertThat(done).isEqualTo(1);
  }

  @Test
  void deferred_task_keeps_its_id_and_is_marked_suspect() {
    deferRedelivery(false);
    Message sent = broker.takeOne(NAMES.delay(Republisher.ROUND_MS));
    assertThat(sent.id()).isEqualTo("m");
    assertThat(sent.headers()).containsEntry(Headers.SUSPECT, true);
  }

  @Test
  void several_first_uses_of_a_delay_queue_lose_nothing() {
    helper.hold();
    deferRedelivery(true);
    deferRedelivery(true);
    assertThat(broker.taken).isEmpty();
    helper.release();
    loop.settle();
    assertThat(done).isEqualTo(2);
    assertThat(broker.declared).hasSize(2);
  }

  @Test
  void message_is_put_back_at_once_if_its_delay_queue_cannot_be_declared() {
    broker.declareFailure = new BrokerException("no permission");
    deferRedelivery(true);
    assertThat(broker.takeFrom(NAMES.again())).hasSize(1);
    assertThat(done).isEqualTo(1);
  }

  @Test
  void delay_is_split_into_steps_and_the_rest_is_in_the_message() {
    publish(TaskSample.of(1).delayMillis(1000).build());
    Message step = broker.takeOne(NAMES.delay(800));
    assertThat(TaskSample.read(step).times().delayMillis()).isEqualTo(200);
    publish(TaskSample.of(1).delayMillis(50).build());
    TaskMessage due = TaskSample.read(broker.takeOne(NAMES.again()));
    assertThat(due.times().delayMillis()).isZero();
    assertThat(done).isEqualTo(2);
  }

  @Test
  void part_of_a_task_has_a_unique_id() {
    TaskMessage task = TaskSample.of(4).id("root").build();
    TaskMessage one = republisher.part(task, 0, 2, task.counts(), 0);
    TaskMessage two = republisher.part(one, 1, 2, task.counts().nextAttempt(), 300);
    assertThat(one.id()).startsWith("root~w-1.").isNotEqualTo(two.id());
    assertThat(two.id()).startsWith("root~w-1.");
    assertThat(two.calls().get(0)).isEqualTo(1);
    assertThat(two.counts().attempt()).isEqualTo(2);
    assertThat(two.times().delayMillis()).isEqualTo(300);
  }

  @Test
  void back_off_between_attempts_grows_to_its_bound_with_jitter() {
    Backoff exact =
        Backoff.exponential(Duration.ofMillis(100), Duration.ofMillis(350)).withJitter(0);
    assertThat(republisher.waitMillis(exact, 2)).isEqualTo(100);
    assertThat(republisher.waitMillis(exact, 3)).isEqualTo(200);
    assertThat(republisher.waitMillis(exact, 4)).isEqualTo(350);
    for (int i = 0; i < 100; i++) {
      assertThat(republisher.waitMillis(exact.withJitter(0.5), 2)).isBetween(50L, 150L);
    }
  }

  @Test
  void foreign_headers_are_dropped_if_they_cannot_be_sent() {
    broker.thenFails(BrokerException.unsendable("headers do not fit"));
    loop.step(
        () ->
            republisher.deferRedelivery(
                MESSAGE.with("x-huge", "y").with(Headers.JOB, "j"), false, () -> done++));
    loop.settle();
    assertThat(broker.takeOne(NAMES.delay(Republisher.ROUND_MS)).headers())
        .containsOnlyKeys(Headers.JOB, Headers.SUSPECT);
  }
}

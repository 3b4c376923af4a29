package dev.warren.worker.consume.send;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.broker.BrokerException;
import dev.warren.broker.PoolNames;
import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import dev.warren.testkit.DirectExecutor;
import dev.warren.testkit.ManualLoop;
import dev.warren.wire.Headers;
import dev.warren.wire.Message;
import dev.warren.wire.OutcomeLine;
import dev.warren.worker.TaskSample;
import dev.warren.worker.consume.ScriptedBroker;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What replaces a task reaches the broker, even if the broker refuses it at first. */
class RetryingPublisherTest {
  private static final PoolNames NAMES = new PoolNames("p");

  private final ScriptedBroker broker = new ScriptedBroker();
  private final ManualLoop loop = new ManualLoop();
  private final DirectExecutor helper = new DirectExecutor();
  private final Republisher republisher =
      new Republisher(broker, TaskSample.CODECS.tasks(), NAMES, loop, "w-1", helper);
  private boolean done;

  private void deadLetter(Message message) {
    begin(message);
    loop.advanceMillis(10_000);
    assertThat(done).isTrue();
  }

  private void begin(Message message) {
    Payload cause = OutcomeLine.of(RemoteFailure.of(FailureKind.REJECTED, "because", 1));
    loop.step(() -> republisher.deadLetter(message, cause, () -> done = true));
    loop.settle();
  }

  private static Message message(String id, Map<String, Object> headers) {
    return new Message(id, "t", "r", "c", 4, headers, Payload.of("[1]"));
  }

  @Test
  void a_missing_queue_is_declared_before_the_message_is_sent_again() {
    broker.thenUnroutable();
    deadLetter(message("m", Map.of()));
    assertThat(broker.declared).containsExactly(NAMES.topology());
    assertThat(broker.taken).singleElement().extracting(Message::id).isEqualTo("m");
  }

  @Test
  void a_refused_publish_is_retried_until_it_succeeds() {
    broker.thenFails(new BrokerException("no permission")).thenFails(new BrokerException("still"));
    deadLetter(message("m", Map.of("h", "kept")));
    assertThat(broker.taken).singleElement().satisfies(m -> assertThat(m.id()).isEqualTo("m"));
    assertThat(broker.taken.element().headers()).containsEntry("h", "kept");
  }

  @Test
  void a_message_that_cannot_be_sent_unchanged_is_dead_lettered_with_body_and_reason() {
    broker.thenFails(BrokerException.unsendable("headers do not fit"));
    deadLetter(message("x".repeat(250), Map.of("huge", "y".repeat(200_000))));
    Message parked = broker.taken.element();
    assertThat(parked.body().text()).isEqualTo("[1]");
    assertThat(parked.headers()).containsOnlyKeys(Headers.CAUSE);
    assertThat(parked.headers().get(Headers.CAUSE).toString()).contains("because");
    assertThat(parked.id()).startsWith("xxx").hasSizeLessThan(100);
  }

  @Test
  void a_dead_letter_is_not_copied_to_queues_that_its_headers_name() {
    Map<String, Object> headers = new HashMap<>();
    headers.put("CC", List.of(NAMES.tasks()));
    headers.put("BCC", List.of("elsewhere"));
    deadLetter(message("m", headers));
    assertThat(broker.taken.element().headers())
        .containsOnlyKeys(Headers.CAUSE, Headers.DIED_AT_MS);
  }

  @Test
  void refused_message_waits_longer_each_time() {
    broker.thenFails(new BrokerException("full")).thenFails(new BrokerException("full"));
    begin(message("m", Map.of()));
    loop.advanceMillis(499);
    assertThat(broker.taken).isEmpty();
    loop.advanceMillis(1000);
    assertThat(broker.taken).isEmpty();
    loop.advanceMillis(1);
    assertThat(broker.taken).hasSize(1);
    assertThat(done).isTrue();
  }

  @Test
  void queue_that_cannot_be_declared_yet_is_declared_again() {
    broker.thenUnroutable().thenUnroutable();
    broker.declareFailure = new BrokerException("no permission");
    begin(message("m", Map.of()));
    loop.advanceMillis(600);
    broker.declareFailure = null;
    loop.advanceMillis(1000);
    assertThat(broker.declared).containsExactly(NAMES.topology());
    assertThat(done).isTrue();
  }

  @Test
  void nothing_is_retried_once_the_broker_is_closed() {
    broker.thenFails(BrokerException.closed("closed"));
    begin(message("m", Map.of()));
    loop.advanceMillis(60_000);
    assertThat(done).isFalse();
    assertThat(broker.taken).isEmpty();
    assertThat(loop.nextWait()).isEmpty();
  }

  @Test
  void the_waits_grow_and_are_bounded() {
    assertThat(RetryingPublisher.waitMillis(1)).isEqualTo(500);
    assertThat(RetryingPublisher.waitMillis(2)).isEqualTo(1000);
    assertThat(RetryingPublisher.waitMillis(100)).isEqualTo(15_000);
  }

  @Test
  void a_reason_is_one_line_of_bounded_length() {
    assertThat(DeadLetterer.readable("a\nb\u0000c")).isEqualTo("a?b?c");
    assertThat(DeadLetterer.readable("z".repeat(100_000))).hasSizeLessThan(500).endsWith(" …");
  }
}

package dev.warren.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.broker.PoolNames;
import dev.warren.broker.Route;
import dev.warren.broker.memory.InMemoryBroker;
import dev.warren.lifecycle.TimeSource;
import dev.warren.task.Payload;
import dev.warren.wire.Message;
import dev.warren.wire.control.ExplainAnswer;
import dev.warren.wire.control.ExplainMessage;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Questions about calls, answered by workers that the test plays. */
class CallTimelinesTest {
  private static final PoolNames NAMES = new PoolNames("p");
  private static final Duration LONG = Duration.ofMinutes(1);

  private final InMemoryBroker broker = InMemoryBroker.open();
  private final CallTimelines timelines = new CallTimelines(broker, NAMES, TimeSource.SYSTEM);

  @BeforeEach
  void declare() {
    broker.declare(NAMES.topology());
  }

  @AfterEach
  void close() {
    broker.close();
  }

  /** A worker that consumes tasks and answers with these events, at this time by its clock. */
  private void worker(
      String id, boolean running, long clockOffset, long atMillis, String... events) {
    String queue = NAMES.control(id);
    broker.declare(PoolNames.privateTopology(queue, NAMES.control(), "#"));
    broker.subscribe(NAMES.tasks(), 1, delivery -> {});
    broker.subscribe(
        queue,
        10,
        delivery -> {
          delivery.ack();
          ExplainMessage question = ExplainMessage.of(delivery.message());
          List<ExplainAnswer.Event> happened =
              Arrays.stream(events)
                  .map(event -> new ExplainAnswer.Event(atMillis + clockOffset, event, "text"))
                  .toList();
          ExplainAnswer answer =
              new ExplainAnswer(
                  id,
                  "h",
                  System.currentTimeMillis() + clockOffset,
                  List.of(new ExplainAnswer.Task("m", true, running, 2, happened)));
          var unused =
              broker.publish(Route.toQueue(question.replyTo()), answer.toMessage(id + ".1"));
        });
  }

  @Test
  void answers_of_all_workers_are_merged_with_their_clocks_corrected() throws Exception {
    long now = System.currentTimeMillis();
    worker("late", true, 3_600_000, now - 1000, "running");
    worker("early", false, -3_600_000, now - 2000, "delivered");
    CallTimeline told = timelines.ask(CallQuestion.ofMessage("m"), LONG).orElseThrow();
    assertThat(told.events())
        .extracting(TimelineEvent::observer)
        .containsExactly("worker h/early", "worker h/late");
    assertThat(told.events().get(0).atMillis()).isBetween(now - 2100, now - 1500);
    assertThat(told.events().get(1).atMillis()).isBetween(now - 1100, now - 500);
    assertThat(told.held()).isTrue();
    assertThat(told.running()).isTrue();
    assertThat(told.omitted()).isEqualTo(4);
    assertThat(List.of(told.asked(), told.answered())).containsExactly(2, 2);
    assertThat(told.notes()).isEmpty();
  }

  @Test
  void a_worker_that_does_not_answer_is_not_awaited_for_long() throws Exception {
    worker("w", false, 0, 1, "given");
    broker.subscribe(NAMES.tasks(), 1, delivery -> {});
    CallTimeline told =
        timelines.ask(CallQuestion.ofMessage("m"), Duration.ofMillis(50)).orElseThrow();
    assertThat(told.events()).hasSize(1);
    assertThat(told.notes()).containsExactly("1 of 2 workers did not answer.");
  }

  @Test
  void without_workers_nothing_is_awaited_and_without_a_pool_nothing_is_asked() throws Exception {
    CallTimeline told = timelines.ask(CallQuestion.ofMessage("m"), LONG).orElseThrow();
    assertThat(told.events()).isEmpty();
    assertThat(told.asked()).isZero();
    CallTimelines other = new CallTimelines(broker, new PoolNames("q"), TimeSource.SYSTEM);
    assertThat(other.ask(CallQuestion.ofMessage("m"), LONG)).isEmpty();
  }

  @Test
  void clocks_are_corrected_as_little_as_possible() {
    assertThat(Answers.shift(100, 90, 110)).isZero();
    assertThat(Answers.shift(80, 90, 110)).isEqualTo(10);
    assertThat(Answers.shift(150, 90, 110)).isEqualTo(-40);
  }

  @Test
  void dead_letters_are_recognised_by_job_and_number_or_by_the_root_of_their_id() {
    Message letter = letter("root~w.1", Map.of("warren-job", "j", "warren-calls", "5-7"));
    assertThat(CallQuestion.ofJob("j", List.of(6L)).isIn(letter)).isTrue();
    assertThat(CallQuestion.ofJob("j", List.of(8L)).isIn(letter)).isFalse();
    assertThat(CallQuestion.ofJob("k", List.of(6L)).isIn(letter)).isFalse();
    assertThat(CallQuestion.ofMessage("root").isIn(letter)).isTrue();
    assertThat(CallQuestion.ofMessage("root~other").isIn(letter)).isTrue();
    assertThat(CallQuestion.ofMessage("other").isIn(letter)).isFalse();
    assertThat(CallQuestion.ofOnlyCall(letter)).isEmpty();
    Message one = letter("root~w.2", Map.of("warren-job", "j", "warren-calls", "5"));
    assertThat(CallQuestion.ofOnlyCall(one)).contains(CallQuestion.ofJob("j", List.of(5L)));
    Message odd = letter("x", Map.of("warren-job", "j", "warren-calls", "?"));
    assertThat(CallQuestion.ofJob("j", List.of(6L)).isIn(odd)).isFalse();
  }

  private static Message letter(String id, Map<String, Object> headers) {
    return new Message(id, null, null, null, 4, headers, Payload.EMPTY);
  }
}

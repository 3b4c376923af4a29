package dev.warren.chaos;

import static dev.warren.chaos.Scenario.named;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.chaos.Scenario.On;
import dev.warren.chaos.Work.Deed;
import dev.warren.pool.Pool;
import dev.warren.testkit.ForeignMessages;
import dev.warren.testkit.ForeignProducer;
import dev.warren.testkit.HostileMessages;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Messages on the task queue from producers that know the protocol partly or not at all. */
final class ForeignScenarios {
  private static final String FUNCTION = "java.lang.Math::abs(I)I";
  private static final String ALLOWED = "java.lang.Math::*";
  private static final String STARTS_COMMANDS = "dev.warren.cli.worker.WorkerMain::main";
  private static final String WORK = Work.class.getName();
  private static final int FUZZED = 10_000;
  private static final int DAMAGED = 1000;

  private ForeignScenarios() {}

  static List<Scenario> all() {
    return List.of(byHand(), fuzzed(), damaged());
  }

  private static Scenario byHand() {
    return named(
            "foreign messages: no JSON, half a header, wrong version, huge number, no function")
        .on(On.EVERY_VERSION)
        .play(
            stage -> {
              Pool pool = stage.open(1, "--allow", ALLOWED);
              try (ForeignProducer producer = ForeignProducer.connect(plainUri(stage))) {
                stage.fault();
                Map<String, String> reasons = sendByHand(stage, producer);
                Map<String, String> parked = new HashMap<>();
                stage.awaitThat(
                    "they are parked",
                    () -> {
                      parked.putAll(takeParked(stage, producer));
                      return parked.size() >= reasons.size();
                    });
                assertThat(parked).containsOnlyKeys(reasons.keySet());
                reasons.forEach((id, reason) -> assertThat(parked.get(id)).as(id).contains(reason));
                stage.awaitThat(
                    "all are answered",
                    () -> producer.answers().keySet().containsAll(reasons.keySet()));
                assertThat(producer.answers()).containsEntry("right", "{\"value\":3}");
              }
              stage.calls().submit(pool, Deed.NOTHING, 10);
              stage.awaitAllEnded();
            });
  }

  /** Sends invalid messages and a valid one; returns the expected reasons. */
  private static Map<String, String> sendByHand(Stage stage, ForeignProducer producer)
      throws Exception {
    Map<String, Object> right = Map.of("warren-version", 1, "warren-fn", FUNCTION);
    Map<String, String> reasons = new LinkedHashMap<>();
    send(stage, producer, "right", right, "[-3]");
    send(stage, producer, "no JSON", right, "\u0001\u0002");
    reasons.put("no JSON", "rejected");
    send(stage, producer, "no header", Map.of(), "[-3]");
    reasons.put("no header", "warren-version is missing");
    send(stage, producer, "half a header", Map.of("warren-version", 1), "[-3]");
    reasons.put("half a header", "warren-fn is missing");
    send(stage, producer, "wrong version", with(right, "warren-version", 2), "[-3]");
    reasons.put("wrong version", "is 2; this worker reads 1");
    send(stage, producer, "huge number", with(right, "warren-attempt", Long.MAX_VALUE), "[-3]");
    reasons.put("huge number", "warren-attempt is 9223372036854775807; must be 1 to 1000000");
    send(stage, producer, "far future", with(right, "warren-not-before-ms", Long.MAX_VALUE), "[]");
    reasons.put("far future", "must be within a year");
    send(stage, producer, "unknown function", with(right, "warren-fn", "a.B::c"), "[-3]");
    reasons.put("unknown function", "a.B");
    send(stage, producer, "not allowed", with(right, "warren-fn", "java.lang.System::exit"), "[1]");
    reasons.put("not allowed", "java.lang.System");
    send(stage, producer, "Warren's own", with(right, "warren-fn", STARTS_COMMANDS), "[[]]");
    reasons.put("Warren's own", "is not allowed here or does not exist");
    send(stage, producer, "inherited", with(right, "warren-fn", WORK + "::getClass"), "[{}]");
    reasons.put("inherited", "unknown method " + WORK + "::getClass");
    send(
        stage,
        producer,
        "copies to the task queue",
        Map.of("CC", List.of(stage.names().tasks())),
        "[-3]");
    reasons.put("copies to the task queue", "warren-version is missing");
    send(stage, producer, "i".repeat(60), Map.of("h", "x".repeat(130_000)), "[-3]");
    reasons.put("i".repeat(60), "warren-version is missing");
    return reasons;
  }

  /**
   * Reasons by message id; the id of a message that a worker has derived begins with the original
   * one.
   */
  private static Map<String, String> takeParked(Stage stage, ForeignProducer producer)
      throws IOException {
    Map<String, String> parked = new HashMap<>();
    producer
        .takeParked(stage.names().dead())
        .forEach((id, cause) -> parked.put(id.split("~", 2)[0], cause));
    return parked;
  }

  private static Map<String, Object> with(Map<String, Object> headers, String name, Object value) {
    Map<String, Object> changed = new HashMap<>(headers);
    changed.put(name, value);
    return changed;
  }

  private static void send(
      Stage stage, ForeignProducer producer, String id, Map<String, Object> headers, String body)
      throws Exception {
    producer.send(stage.names().tasks(), id, headers, body);
  }

  private static Scenario fuzzed() {
    return named("10,000 fuzzed messages on the task queue")
        .within(Duration.ofMinutes(5))
        .play(
            stage -> {
              Pool pool = stage.open(1, "--allow", ALLOWED);
              try (ForeignProducer producer = ForeignProducer.connect(plainUri(stage))) {
                new Fuzz(stage, producer).play();
              }
              assertThat(stage.workers().get(0).log())
                  .as("the worker's log")
                  .doesNotContain("unexpected exception", "action failed");
              stage.calls().submit(pool, Deed.NOTHING, 10);
              stage.awaitAllEnded();
            });
  }

  private static Scenario damaged() {
    return named("damaged messages on every queue")
        .on(On.EVERY_VERSION)
        .within(Duration.ofMinutes(5))
        .play(
            stage -> {
              Pool pool = stage.open(1, "--allow", ALLOWED);
              try (ForeignProducer producer = ForeignProducer.connect(plainUri(stage))) {
                stage.fault();
                sendDamaged(stage, pool, producer);
                stage.awaitAllEnded();
                stage.awaitThat(
                    "what is no task is parked",
                    () -> stage.waitingTasks() == 0 && stage.unsettledTasks() == 0);
                producer.purge(stage.names().dead());
              }
              stage.calls().submit(pool, Deed.NOTHING, 10);
              stage.awaitAllEnded();
              assertThat(stage.workers().get(0).log())
                  .as("the worker's log")
                  .doesNotContain("unexpected exception", "action failed", "connection was lost");
            });
  }

  private static void sendDamaged(Stage stage, Pool pool, ForeignProducer producer)
      throws Exception {
    List<String> queues =
        stage.server().contents(stage.virtualHost()).queues().keySet().stream()
            .filter(queue -> !queue.equals(producer.replies()))
            .toList();
    // tasks, dead, results, control, events
    assertThat(queues).hasSizeGreaterThanOrEqualTo(5);
    HostileMessages source = new HostileMessages(stage.random(), producer.replies());
    for (int i = 0; i < DAMAGED; i++) {
      for (String queue : queues) {
        producer.send(queue, source.next());
      }
      if (i % 100 == 99) {
        producer.awaitConfirms(Duration.ofSeconds(60));
        stage.calls().submit(pool, Deed.NOTHING, 10);
      }
    }
  }

  private static String plainUri(Stage stage) {
    return stage.server().uri(stage.server().port(), stage.virtualHost());
  }

  /** One batch of fuzzed messages, and the result of each. */
  private static final class Fuzz {
    private final Stage stage;
    private final ForeignProducer producer;
    private final Map<String, ForeignMessages.Foreign> sent = new LinkedHashMap<>();
    private final Map<String, String> parked = new HashMap<>();

    Fuzz(Stage stage, ForeignProducer producer) {
      this.stage = stage;
      this.producer = producer;
    }

    void play() throws Exception {
      ForeignMessages source =
          new ForeignMessages(stage.random(), FUNCTION, "[-3]", producer.replies());
      stage.fault();
      long began = System.nanoTime();
      for (int i = 0; i < FUZZED; i++) {
        ForeignMessages.Foreign message = source.next();
        sent.put(message.id(), message);
        producer.send(stage.names().tasks(), message);
        if (i % 1000 == 999) {
          producer.awaitConfirms(Duration.ofSeconds(60));
        }
      }
      stage.awaitThat(
          "each one is parked or answered",
          () -> {
            parked.putAll(takeParked(stage, producer));
            return sent.values().stream().allMatch(this::accounted);
          });
      stage.awaitThat("the task queue is empty", () -> stage.waitingTasks() == 0);
      parked.putAll(takeParked(stage, producer));
      System.out.printf(
          "chaos: %d fuzzed messages in %d ms: %d parked, %d answered%n",
          FUZZED,
          (System.nanoTime() - began) / 1_000_000,
          parked.size(),
          producer.answers().size());
      assertThat(parked.values()).allSatisfy(cause -> assertThat(cause).contains("\"message\":\""));
      assertThat(parked).hasSizeGreaterThan(FUZZED / 2);
    }

    /** A valid message without a reply queue may end without a trace. */
    private boolean accounted(ForeignMessages.Foreign message) {
      return !message.answersTo(producer.replies())
          || parked.containsKey(message.id())
          || producer.answers().containsKey(message.id());
    }
  }
}

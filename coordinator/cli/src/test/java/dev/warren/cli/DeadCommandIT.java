package dev.warren.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.broker.BrokerUri;
import dev.warren.broker.PoolNames;
import dev.warren.broker.Route;
import dev.warren.broker.rabbit.RabbitBroker;
import dev.warren.cli.WarrenProcess.Result;
import dev.warren.json.Json;
import dev.warren.lifecycle.Printable;
import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import dev.warren.testkit.FaultyProxy;
import dev.warren.testkit.ForeignMessages;
import dev.warren.testkit.ForeignProducer;
import dev.warren.testkit.SharedBroker;
import dev.warren.testkit.server.PrivateBroker;
import dev.warren.testkit.server.ServerInstallation;
import dev.warren.wire.Headers;
import dev.warren.wire.Message;
import dev.warren.wire.OutcomeLine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * The commands on a real dead-letter queue, in this JVM; those that are killed, interrupted or
 * print to a pipe are processes.
 */
@Tag("versions")
@ParameterizedClass
@MethodSource("dev.warren.testkit.RabbitVersion#chosen")
class DeadCommandIT {
  private static final Duration SOON = Duration.ofMinutes(3);

  @TempDir private Path folder;
  private final String pool = "dead-" + UUID.randomUUID();
  private final PoolNames names = new PoolNames(pool);
  private final PrivateBroker server;
  private RabbitBroker broker;

  DeadCommandIT(ServerInstallation installation) {
    server = SharedBroker.of(installation);
  }

  @BeforeEach
  void open() throws InterruptedException {
    BrokerUri uri = BrokerUri.parse(server.uri());
    broker = RabbitBroker.open(uri, "dead test", Duration.ofSeconds(20));
    broker.declare(names.topology());
  }

  @AfterEach
  void close() {
    broker.delete(names.dead());
    broker.delete(names.tasks());
    broker.close();
  }

  private Map<String, String> environment() {
    return Map.of("WARREN_BROKER", server.uri(), "WARREN_POOL", pool);
  }

  private static String[] command(String... args) {
    List<String> all = new ArrayList<>(List.of("dead"));
    all.addAll(List.of(args));
    return all.toArray(new String[0]);
  }

  private WarrenProcess start(String... args) throws Exception {
    return WarrenProcess.start(folder, "", environment(), command(args));
  }

  private Result dead(String... args) {
    return WarrenInside.run(environment(), command(args));
  }

  private void publish(String id, Map<String, Object> headers, String body) {
    Message message = new Message(id, null, null, null, 4, headers, Payload.of(body));
    var unused = broker.publish(Route.toQueue(names.dead()), message);
  }

  private void deadLetter(int number, FailureKind kind) {
    Map<String, Object> headers = new HashMap<>();
    headers.put(Headers.WARREN_VERSION, 1);
    headers.put(Headers.FUNCTION, AppJar.function("square"));
    headers.put(Headers.CALLS, Integer.toString(number));
    headers.put(Headers.ATTEMPT, 3);
    headers.put(Headers.CAUSE, OutcomeLine.of(RemoteFailure.of(kind, "because", 3)).text());
    headers.put(Headers.DIED_AT_MS, 1_700_000_000_000L);
    publish("t" + number + "~w." + number, headers, "[" + number + "]");
  }

  private void fill(int calls) throws InterruptedException {
    for (int i = 0; i < calls; i++) {
      deadLetter(i, i % 2 == 0 ? FailureKind.FAILED : FailureKind.CHILD_LOST);
    }
    assertThat(broker.flush(SOON)).isTrue();
    await().atMost(SOON).until(() -> ready(names.dead()) == calls);
  }

  private int ready(String queue) {
    return broker.depth(queue).orElseThrow().ready();
  }

  /** The arguments of the calls on the task queue, by their ids. */
  private Map<String, String> redriven() throws Exception {
    Map<String, String> argumentsById = new HashMap<>();
    try (var browser = broker.browse(names.tasks(), ready(names.tasks()))) {
      for (var item = browser.next(); item != null; item = browser.next()) {
        argumentsById.put(item.message().id(), item.message().body().text());
      }
    }
    return argumentsById;
  }

  @Test
  void the_list_shows_matching_messages_and_changes_nothing() throws Exception {
    fill(10);
    Result result = dead("list", "--cause", "child_lost", "--limit", "2");
    assertThat(result.exit()).isZero();
    assertThat(result.out().lines()).hasSize(3);
    assertThat(result.out()).startsWith("ID").contains("t1~w.1", "t3~w.3", "because");
    assertThat(result.err())
        .containsExactly(
            "2 of 10 messages in " + names.dead() + "; there are more: --limit 0 shows all");
    Result json = dead("list", "--json", "--limit", "0");
    assertThat(json.out().lines().map(line -> Json.MAPPER.readTree(line).get("id").asString()))
        .startsWith("t0~w.0", "t1~w.1")
        .hasSize(10);
    assertThat(ready(names.dead())).isEqualTo(10);
  }

  @Test
  void an_undecodable_message_is_listed_shown_and_dropped_and_blocks_nothing() throws Exception {
    fill(1);
    try (ForeignProducer producer = ForeignProducer.connect(server.uri() + "%2F")) {
      producer.send(names.dead(), "deep", Map.of("h", ForeignMessages.nested(40)), "body");
      producer.awaitConfirms(SOON);
    }
    deadLetter(1, FailureKind.FAILED);
    assertThat(broker.flush(SOON)).isTrue();
    await().atMost(SOON).until(() -> ready(names.dead()) == 3);
    Result list = dead("list");
    assertThat(list.exit()).isZero();
    assertThat(list.out())
        .contains("t0~w.0", "t1~w.1", "deep", "cannot be decoded: its headers are nested");
    Result show = dead("show", "deep");
    assertThat(show.exit()).isZero();
    assertThat(show.out())
        .contains("not a task  the message cannot be decoded: its headers are nested", "body");
    Result redrive = dead("redrive");
    assertThat(redrive.exit()).isZero();
    assertThat(ready(names.dead())).isEqualTo(1);
    assertThat(dead("drop", "--yes").exit()).isZero();
    assertThat(ready(names.dead())).isZero();
  }

  @Test
  void a_dead_message_cannot_control_the_terminal() throws Exception {
    String evil = "evil\u001b[31m\r\u202e\u0085";
    Map<String, Object> headers = new HashMap<>();
    headers.put(Headers.WARREN_VERSION, 1);
    headers.put(Headers.FUNCTION, evil + "::x");
    headers.put(Headers.JOB, evil);
    headers.put(
        Headers.CAUSE, OutcomeLine.of(RemoteFailure.of(FailureKind.FAILED, evil, 3)).text());
    publish(evil, headers, "[\"" + evil + "\"]");
    assertThat(broker.flush(SOON)).isTrue();
    await().atMost(SOON).until(() -> ready(names.dead()) == 1);
    for (String[] args :
        new String[][] {
          {"list"}, {"list", "--json"}, {"show", "evil"}, {"show", "evil", "--json"}
        }) {
      Result result = dead(args);
      assertThat(result.exit()).isZero();
      assertThat(result.out().replace("\n", "") + String.join("", result.err()))
          .containsIgnoringCase("evil\\u001b")
          .matches(text -> text.codePoints().allMatch(Printable::isPrintable));
    }
    Result printed;
    try (WarrenProcess list = start("list")) {
      printed = list.await();
    }
    assertThat(printed).isEqualTo(dead("list"));
    Result missing = dead("show", evil + "?");
    assertThat(missing.exit()).isEqualTo(2);
    assertThat(missing.err()).hasSize(1);
    assertThat(missing.err().get(0)).contains("evil\\u001b[31m\\u000d\\u202e\\u0085");
  }

  @Test
  void any_message_is_shown_in_full() throws Exception {
    fill(2);
    publish("garbage", Map.of("odd", List.of(1, "\u001b[31m")), "\u0000\u0001");
    Result call = dead("show", "t1~");
    assertThat(call.exit()).isZero();
    assertThat(call.out()).contains("arguments   [1]", "cause       child_lost", "because");
    Result garbage = dead("show", "garb");
    assertThat(garbage.exit()).isZero();
    assertThat(garbage.out()).contains("not a task  header warren-version is missing", "00 01");
    assertThat(garbage.out()).doesNotContain("\u001b");
    assertThat(dead("show", "nobody").exit()).isEqualTo(2);
    Result two = dead("show", "t");
    assertThat(two.exit()).isEqualTo(2);
    assertThat(two.err()).singleElement().asString().contains("more than one id", "t0~w.0");
  }

  @Test
  void redriven_calls_are_run_by_a_worker_although_their_owner_is_gone() throws Exception {
    fill(6);
    publish("garbage", Map.of(), "x");
    Result result = dead("redrive");
    // on a slow broker it reports its progress every few seconds
    assertThat(result.err()).allMatch(line -> line.endsWith(" read"));
    assertThat(result.exit()).isZero();
    assertThat(result.out())
        .isEqualTo(
            "6 redriven to "
                + names.tasks()
                + ", 1 left because they are not tasks (see dead show)\n");
    assertThat(ready(names.dead())).isEqualTo(1);
    String app = AppJar.path().toString();
    try (WarrenProcess worker =
        WarrenProcess.start(folder, "", environment(), "worker", "--app", app)) {
      await().atMost(SOON).until(() -> ready(names.tasks()) == 0);
      worker.signal("TERM"); // acknowledges what it has settled
      assertThat(worker.await().exit()).isZero();
    }
    assertThat(ready(names.tasks())).isZero();
    assertThat(ready(names.dead())).isEqualTo(1);
  }

  @Test
  void a_killed_redrive_loses_nothing_and_duplicates_have_the_same_id() throws Exception {
    int calls = 2000;
    fill(calls);
    try (WarrenProcess redrive = start("redrive", "--cause", "failed")) {
      await().atMost(SOON).until(() -> ready(names.tasks()) > 20);
      redrive.signal("KILL");
      redrive.await();
    }
    await().atMost(SOON).until(() -> ready(names.tasks()) + ready(names.dead()) >= calls);
    Result rest = dead("redrive", "--cause", "failed", "--json", "--in-flight", "100");
    assertThat(rest.exit()).isZero();
    JsonNode counts = Json.MAPPER.readTree(rest.out());
    assertThat(counts.get("notMatched").asInt()).isEqualTo(calls / 2);
    Map<String, String> argumentsById = redriven();
    assertThat(argumentsById).hasSize(calls / 2); // a worker detects duplicates by their id
    assertThat(new TreeSet<>(argumentsById.values())).hasSize(calls / 2);
  }

  @Test
  void an_interrupted_redrive_ends_cleanly_and_reports_its_progress() throws Exception {
    int calls = 5000;
    fill(calls);
    try (WarrenProcess redrive = start("redrive")) {
      await().atMost(SOON).until(() -> ready(names.tasks()) > 5);
      redrive.signal("INT");
      Result result = redrive.await();
      assertThat(result.exit()).isEqualTo(130);
      assertThat(result.out()).contains(" redriven to ", "; interrupted");
    }
    await().atMost(SOON).until(() -> ready(names.tasks()) + ready(names.dead()) == calls);
  }

  @Test
  void a_redrive_that_loses_its_broker_ends_and_reports_its_progress() throws Exception {
    int calls = 2000;
    fill(calls);
    try (FaultyProxy proxy = FaultyProxy.to(server.port());
        WarrenProcess redrive =
            start(
                "redrive",
                "--broker",
                server.uri().replace(":" + server.port(), ":" + proxy.port()))) {
      await().atMost(SOON).until(() -> ready(names.tasks()) > 5);
      proxy.refuse();
      Result result = redrive.await();
      assertThat(result.exit()).isEqualTo(3);
      assertThat(result.err())
          .last()
          .asString()
          .contains(" redriven, then: broker: connection lost");
    }
    await().atMost(SOON).until(() -> ready(names.tasks()) + ready(names.dead()) >= calls);
    assertThat(dead("redrive", "--in-flight", "100").exit()).isZero();
    assertThat(ready(names.dead())).isZero();
    assertThat(redriven()).as("a double has the id of the other").hasSize(calls);
  }

  @Test
  void a_drop_asks_first_and_deletes_nothing_that_does_not_match() throws Exception {
    fill(3000);
    Result asked = dead("drop", "--cause", "failed");
    assertThat(asked.exit()).isEqualTo(2);
    assertThat(asked.err()).singleElement().asString().contains("1500 of the messages", "--yes");
    assertThat(ready(names.dead())).isEqualTo(3000);
    Result done = dead("drop", "--cause", "failed", "--older-than", "1h", "--yes");
    assertThat(done.out()).isEqualTo("1500 dropped from " + names.dead() + "\n");
    Result left = dead("list", "--json", "--limit", "0");
    assertThat(left.out().lines()).hasSize(1500).allMatch(line -> line.contains("child_lost"));
    assertThat(left.out()).startsWith("{\"id\":\"t1~w.1\"");
  }

  @Test
  void errors_are_one_line_with_the_documented_exit_code() {
    Result unknownPool =
        WarrenInside.run(Map.of(), command("list", "--broker", server.uri(), "--pool", "nobodys"));
    assertThat(unknownPool.exit()).isEqualTo(2);
    assertThat(unknownPool.err()).singleElement().asString().contains("is --pool right?");
    Result nothingThere =
        WarrenInside.run(Map.of(), command("list", "--broker", "amqp://127.0.0.1:1"));
    assertThat(nothingThere.exit()).isEqualTo(3);
    assertThat(nothingThere.err()).singleElement().asString().contains("nothing listens");
    assertThat(WarrenInside.run(Map.of(), command("list", "--broker", "local:")).exit())
        .isEqualTo(2);
    assertThat(WarrenInside.run(Map.of(), "dead").exit()).isEqualTo(2);
  }
}

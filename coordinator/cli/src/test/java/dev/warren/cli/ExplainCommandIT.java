package dev.warren.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.cli.WarrenProcess.Result;
import dev.warren.json.Json;
import dev.warren.pool.Pool;
import dev.warren.task.NamedFunction;
import dev.warren.task.Payload;
import dev.warren.testkit.SharedBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code warren explain}, with a worker behind a real broker whose children are killed. */
@Timeout(300)
class ExplainCommandIT {
  private static final Duration SOON = Duration.ofMinutes(1);
  private static final Pattern READY = Pattern.compile("ready on (http://127\\.0\\.0\\.1:\\d+),");
  private static final Pattern PROCESS = Pattern.compile(", process (\\d+)");

  /** A call survives three deaths of its child. */
  private static final int KILLS = 4;

  @TempDir private Path folder;
  private final String pool = "explain-" + UUID.randomUUID();
  private final List<WarrenProcess> started = new ArrayList<>();

  @BeforeEach
  void startWorker() throws IOException {
    WarrenProcess worker =
        start("worker", "--app", AppJar.path().toString(), "--processes", "2", "--heartbeat", "1s");
    await().atMost(SOON).until(() -> worker.err().contains(" serves pool "));
  }

  @AfterEach
  void stopAll() {
    started.forEach(WarrenProcess::close);
  }

  private Map<String, String> environment() {
    return Map.of("WARREN_BROKER", SharedBroker.get().uri(), "WARREN_POOL", pool);
  }

  private WarrenProcess start(String... args) throws IOException {
    WarrenProcess process = WarrenProcess.start(folder, "", environment(), args);
    started.add(process);
    return process;
  }

  private Result explain(String... args) {
    List<String> all = new ArrayList<>(List.of("explain"));
    all.addAll(List.of(args));
    return WarrenInside.run(environment(), all.toArray(new String[0]));
  }

  private JsonNode json(String... args) {
    List<String> all = new ArrayList<>(List.of(args));
    all.add("--json");
    Result result = explain(all.toArray(new String[0]));
    return result.exit() == 0
        ? Json.read(Payload.of(result.out()), JsonNode.class)
        : Json.MAPPER.createObjectNode();
  }

  private static List<String> events(JsonNode told) {
    return told.path("timeline").findValuesAsString("event");
  }

  /** The process of the call's latest child, once it runs the call; 0 before that. */
  private long process(String call, int runs) {
    List<String> texts = new ArrayList<>();
    json(call)
        .path("timeline")
        .forEach(
            event -> {
              if (event.path("event").asString().equals("running")) {
                texts.add(event.path("text").asString());
              }
            });
    if (texts.size() < runs) {
      return 0;
    }
    Matcher process = PROCESS.matcher(texts.get(texts.size() - 1));
    return process.find() ? Long.parseLong(process.group(1)) : 0;
  }

  @Test
  void a_call_whose_children_are_killed_is_told_up_to_its_dead_letter() throws Exception {
    String call;
    try (Pool client = Pool.open(SharedBroker.get().uri() + "?pool=" + pool)) {
      call = client.submit(NamedFunction.of(AppJar.function("hang"), Integer.class), 1);
    }
    for (int i = 1; i <= KILLS; i++) {
      int runs = i;
      await().atMost(SOON).until(() -> process(call, runs) > 0);
      ProcessHandle.of(process(call, runs)).orElseThrow().destroyForcibly();
    }
    await().atMost(SOON).until(() -> events(json(call)).contains("dead_letter"));
    JsonNode told = json(call);
    assertThat(events(told))
        .startsWith("delivered", "given", "running", "child_died", "retry")
        .contains("dead_lettered", "dead_letter")
        .endsWith("confirmed");
    assertThat(told.path("held").asBoolean()).isFalse();
    assertThat(told.path("answered").asInt()).isEqualTo(1);
    String deadLetter = dead(told);
    assertThat(events(json(deadLetter))).contains("child_died", "dead_lettered", "dead_letter");
    Result shown = explain(call);
    assertThat(shown.exit()).isZero();
    assertThat(shown.out().lines())
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    assertThat(shown.out()).contains("child died: ", "SIGKILL", "dead queue", "1 of 1 workers");
    Result unknown = explain("nobody-knows-it");
    assertThat(unknown.exit()).isEqualTo(2);
    assertThat(unknown.err()).hasSize(1);
    assertThat(unknown.err().get(0)).contains("nobody knows the call nobody-knows-it", "1 of 1");
  }

  private static String dead(JsonNode told) {
    Matcher id = Pattern.compile("\\(id (\\S+)\\)").matcher(told.toString());
    assertThat(id.find()).isTrue();
    return id.group(1);
  }

  @Test
  void a_call_of_a_durable_job_is_told_by_a_coordinator_and_from_its_store() throws Exception {
    Path input = Files.writeString(folder.resolve("in.jsonl"), "1\n\"no number\"\n3\n");
    String store = folder.resolve("store").toString();
    WarrenProcess coordinator = start("coordinator", "--listen", "127.0.0.1:0", "--store", store);
    await().atMost(SOON).until(() -> READY.matcher(coordinator.out()).find());
    Matcher ready = READY.matcher(coordinator.out());
    assertThat(ready.find()).isTrue();
    String url = ready.group(1);
    Map<String, String> asked = Map.of("WARREN_COORDINATOR", url);
    Result submitted =
        WarrenInside.run(
            asked,
            "jobs",
            "submit",
            "nightly",
            "--fn",
            AppJar.function("square"),
            "--input",
            input.toString());
    assertThat(submitted.exit()).as("%s", submitted.err()).isZero();
    await()
        .atMost(SOON)
        .until(
            () ->
                WarrenInside.run(asked, "jobs", "show", "nightly")
                    .out()
                    .contains("state        failed"));
    Result shown = WarrenInside.run(asked, "explain", "nightly:1");
    assertThat(shown.exit()).as("%s", shown.err()).isZero();
    assertThat(shown.out())
        .contains("nightly:1, failed", "\"no number\"", "coordinator", "published", "delivered");
    Result missing = WarrenInside.run(asked, "explain", "nightly:3");
    assertThat(missing.exit()).isEqualTo(2);
    assertThat(missing.err().get(0)).contains("it has no call 3");
    coordinator.close();
    Result fromStore = explain("nightly:1", "--store", store);
    assertThat(fromStore.exit()).as("%s", fromStore.err()).isZero();
    assertThat(fromStore.out()).contains("nightly:1, failed", "outcome stored", "given");
    Result alone =
        WarrenInside.run(Map.of("WARREN_POOL", pool), "explain", "nightly:0", "--store", store);
    assertThat(alone.exit()).isZero();
    assertThat(alone.out()).contains("nightly:0, ok", "No worker was asked");
    Result away =
        WarrenInside.run(
            Map.of("WARREN_POOL", pool),
            "explain",
            "nightly:0",
            "--store",
            store,
            "--broker",
            "amqp://127.0.0.1:1");
    assertThat(away.exit()).isEqualTo(3);
    assertThat(away.out()).contains("nightly:0, ok", "could not be asked");
  }

  @Test
  void what_is_missing_is_said_in_one_line() {
    Result noBroker = WarrenInside.run(Map.of(), "explain", "k3vq7w2mzb5hd4xjrn6tfay2cu");
    assertThat(noBroker.exit()).isEqualTo(2);
    assertThat(noBroker.err()).hasSize(1);
    assertThat(noBroker.err().get(0)).contains("--broker=URI", "JOB:INDEX");
    Result noPool =
        WarrenInside.run(
            Map.of("WARREN_BROKER", SharedBroker.get().uri(), "WARREN_POOL", "none"),
            "explain",
            "abc");
    assertThat(noPool.exit()).isEqualTo(2);
    assertThat(noPool.err().get(0)).contains("is --pool right?");
  }
}

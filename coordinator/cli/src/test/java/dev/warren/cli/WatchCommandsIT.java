package dev.warren.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.cli.WarrenProcess.Result;
import dev.warren.json.Json;
import dev.warren.task.Payload;
import dev.warren.testkit.SharedBroker;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
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

/** {@code warren status} and {@code warren top} of a real worker, and a request to drain it. */
@Timeout(300)
class WatchCommandsIT {
  private static final Duration SOON = Duration.ofMinutes(2);
  private static final Pattern READY = Pattern.compile("ready on (http://127\\.0\\.0\\.1:\\d+),");

  @TempDir private Path folder;
  private final String pool = "watch-" + UUID.randomUUID();
  private final List<WarrenProcess> started = new ArrayList<>();
  private WarrenProcess worker;

  private Map<String, String> environment() {
    return Map.of("WARREN_BROKER", SharedBroker.get().uri(), "WARREN_POOL", pool);
  }

  @BeforeEach
  void startWorker() throws IOException {
    worker = start("worker", "--app", AppJar.path().toString(), "--processes", "2");
    await().atMost(SOON).until(() -> worker.err().contains(" serves pool "));
  }

  @AfterEach
  void stopAll() {
    started.forEach(WarrenProcess::close);
  }

  private WarrenProcess start(String... args) throws IOException {
    WarrenProcess process = WarrenProcess.start(folder, "", environment(), args);
    started.add(process);
    return process;
  }

  private Result status(String... args) {
    List<String> all = new ArrayList<>(List.of("status"));
    all.addAll(List.of(args));
    return WarrenInside.run(environment(), all.toArray(new String[0]));
  }

  @Test
  void status_without_a_coordinator_shows_what_workers_report() {
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(status().out()).startsWith("1 host, 2 slots: 0 busy, 2 idle."));
    Result result = status();
    assertThat(result.exit()).isZero();
    assertThat(result.out().lines().skip(2).findFirst().orElseThrow())
        .startsWith("HOST")
        .contains("WORKER", "SLOTS", "RECYCLED", "MEMORY");
    JsonNode json = Json.read(Payload.of(status("--json").out().strip()), JsonNode.class);
    assertThat(json.path("workers").path(0).path("slots").asInt(0)).isEqualTo(2);
    assertThat(json.path("workers").path(0).path("reported").asBoolean(false)).isTrue();
  }

  @Test
  void unknown_pool_and_unreachable_coordinator_are_one_line() {
    Result unknown = status("--pool", "nobody");
    assertThat(unknown.exit()).isEqualTo(2);
    assertThat(String.join("\n", unknown.err()))
        .contains("there is no pool 'nobody'", "is --pool right?");
    Result nobody = status("--coordinator", "http://127.0.0.1:1");
    assertThat(nobody.exit()).isEqualTo(3);
    assertThat(String.join("\n", nobody.err()))
        .contains("cannot reach the coordinator at http://127.0.0.1:1");
    Result odd = status("--coordinator", "nonsense");
    assertThat(odd.exit()).isEqualTo(2);
    assertThat(String.join("\n", odd.err())).contains("--coordinator is 'nonsense'; must be a URL");
  }

  @Test
  void coordinator_tells_the_same_and_drains_a_worker() throws Exception {
    WarrenProcess coordinator =
        start(
            "coordinator",
            "--listen",
            "127.0.0.1:0",
            "--store",
            folder.resolve("store").toString());
    await().atMost(SOON).until(() -> READY.matcher(coordinator.out()).find());
    Matcher ready = READY.matcher(coordinator.out());
    assertThat(ready.find()).isTrue();
    String url = ready.group(1);
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(status("--coordinator", url).out())
                    .startsWith("1 host, 2 slots: 0 busy, 2 idle. Nothing queued. Broker fine."));
    WarrenProcess top = start("top", "--coordinator", url);
    await()
        .atMost(SOON)
        .until(() -> top.out().lines().filter(l -> l.startsWith("1 host")).count() > 1);
    String json = status("--coordinator", url, "--json").out().strip();
    String id =
        Json.read(Payload.of(json), JsonNode.class).path("workers").path(0).path("id").asString("");
    HttpRequest drain =
        HttpRequest.newBuilder(URI.create(url + "/api/v1/workers/" + id + "/drain"))
            .POST(HttpRequest.BodyPublishers.noBody())
            .build();
    HttpResponse<String> answer =
        HttpClient.newHttpClient().send(drain, HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(worker.await().exit()).isZero();
    assertThat(worker.err()).contains("asked to drain by a control message");
    await()
        .atMost(SOON)
        .untilAsserted(
            () -> assertThat(status("--coordinator", url).out()).startsWith("No worker is"));
  }
}

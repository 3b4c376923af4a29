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
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Coordinators as processes, with a worker behind a real broker. */
@Timeout(600)
class CoordinatorOverRabbitIT {
  private static final Duration SOON = Duration.ofMinutes(3);
  private static final Pattern READY = Pattern.compile("ready on (http://127\\.0\\.0\\.1:\\d+),");
  private static final int CALLS = 1000;

  @TempDir private Path folder;
  private final String pool = "service-" + UUID.randomUUID();
  private final List<WarrenProcess> started = new ArrayList<>();
  private Path input;

  @BeforeEach
  void startWorker() throws IOException {
    input = folder.resolve("in.jsonl");
    Files.writeString(
        input, IntStream.range(0, CALLS).mapToObj(i -> i + "\n").collect(Collectors.joining()));
    WarrenProcess worker =
        start("worker", "--app", AppJar.path().toString(), "--processes", "2", "--heartbeat", "1s");
    await().atMost(SOON).until(() -> worker.err().contains(" serves pool "));
  }

  @AfterEach
  void stopAll() {
    started.forEach(WarrenProcess::close);
  }

  private WarrenProcess start(String... args) throws IOException {
    Map<String, String> environment =
        Map.of(
            "WARREN_BROKER",
            SharedBroker.get().uri(),
            "WARREN_POOL",
            pool,
            "WARREN_STORE",
            folder.resolve("store").toString());
    WarrenProcess process = WarrenProcess.start(folder, "", environment, args);
    started.add(process);
    return process;
  }

  private WarrenProcess coordinator() throws IOException {
    return start("coordinator", "--listen", "127.0.0.1:0");
  }

  private static String url(WarrenProcess coordinator) throws IOException {
    await().atMost(SOON).until(() -> READY.matcher(coordinator.out()).find());
    Matcher ready = READY.matcher(coordinator.out());
    assertThat(ready.find()).isTrue();
    return ready.group(1);
  }

  private void submit(String url, String name) {
    Result submitted =
        jobs(
            url,
            "submit",
            name,
            "--fn",
            AppJar.function("slowly"),
            "--input",
            input.toString(),
            "--chunk",
            "5");
    assertThat(submitted.exit()).as("%s", submitted.err()).isZero();
  }

  private static Result jobs(String url, String... args) {
    List<String> all = new ArrayList<>(List.of("jobs"));
    all.addAll(List.of(args));
    return WarrenInside.run(Map.of("WARREN_COORDINATOR", url), all.toArray(new String[0]));
  }

  private static JsonNode get(String url, String path) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/api/v1" + path)).build();
    String body = HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    return Json.read(Payload.of(body), JsonNode.class);
  }

  private static long done(String url, String job) throws IOException, InterruptedException {
    return get(url, "/jobs/" + job).path("succeeded").asLong();
  }

  private String export(String url, String job) throws IOException {
    Path file = folder.resolve(job + ".out");
    Result exported = jobs(url, "export", job, "--output", file.toString());
    assertThat(exported.exit()).as("%s", exported.err()).isZero();
    return Files.readString(file);
  }

  private static String expected() {
    return IntStream.range(0, CALLS)
        .mapToObj(i -> "{\"index\":" + i + ",\"value\":" + i + "}\n")
        .collect(Collectors.joining());
  }

  @Test
  void workers_go_on_while_nobody_coordinates_and_the_next_one_has_their_outcomes()
      throws Exception {
    WarrenProcess first = coordinator();
    String url = url(first);
    submit(url, "a");
    await().atMost(SOON).until(() -> done(url, "a") > 50);
    first.signal("KILL");
    first.await();
    String next = url(coordinator());
    assertThat(get(next, "/jobs/a").path("state").asString()).isEqualTo("running");
    assertThat(export(next, "a")).isEqualTo(expected());
    JsonNode ended = get(next, "/jobs/a");
    assertThat(ended.path("succeeded").asInt()).isEqualTo(CALLS);
  }

  @Test
  void of_two_coordinators_the_other_one_takes_over() throws Exception {
    WarrenProcess first = coordinator();
    String one = url(first);
    String two = url(coordinator());
    submit(one, "a");
    await().atMost(SOON).until(() -> done(two, "a") > 50);
    first.signal("TERM");
    assertThat(first.await().exit()).isZero();
    assertThat(export(two, "a")).isEqualTo(expected());
  }

  @Test
  void workers_and_queues_are_shown() throws Exception {
    String url = url(coordinator());
    await().atMost(SOON).until(() -> get(url, "/workers").path("workers").size() == 1);
    assertThat(get(url, "/workers").path("workers").get(0).path("slots").asInt()).isEqualTo(2);
    JsonNode shown = get(url, "/pools").path("pools").get(0);
    assertThat(shown.path("name").asString()).isEqualTo(pool);
    assertThat(shown.path("broker").asString()).startsWith("RabbitMQ");
    assertThat(shown.path("connected").asBoolean()).isTrue();
    assertThat(get(url, "/health").path("ready").asBoolean()).isTrue();
  }
}

package dev.warren.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.cli.WarrenProcess.Result;
import dev.warren.json.Json;
import dev.warren.task.Payload;
import dev.warren.testkit.RepositoryFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * {@code warren coordinator} as a process, with children of its own, and the commands that ask it.
 */
@Timeout(600)
class CoordinatorCommandIT {
  private static final Duration SOON = Duration.ofMinutes(3);
  private static final Pattern READY = Pattern.compile("ready on (http://127\\.0\\.0\\.1:\\d+),");

  @TempDir private Path folder;
  private final List<WarrenProcess> started = new ArrayList<>();
  private Path input;

  @BeforeEach
  void writeInput() throws IOException {
    input = folder.resolve("in.jsonl");
    Files.writeString(
        input, IntStream.range(0, 500).mapToObj(i -> i + "\n").collect(Collectors.joining()));
  }

  @AfterEach
  void stopAll() {
    started.forEach(WarrenProcess::close);
  }

  private String store() {
    return folder.resolve("store").toString();
  }

  private WarrenProcess start(String... more) throws IOException {
    List<String> args = new ArrayList<>(List.of("coordinator", "--listen", "127.0.0.1:0"));
    args.addAll(List.of("--store", store(), "--processes", "2", "--app"));
    args.add(AppJar.path().toString());
    args.addAll(List.of(more));
    WarrenProcess process = WarrenProcess.start(folder, "", Map.of(), args.toArray(new String[0]));
    started.add(process);
    return process;
  }

  private static String url(WarrenProcess coordinator) throws IOException {
    await().atMost(SOON).until(() -> READY.matcher(coordinator.out()).find());
    Matcher ready = READY.matcher(coordinator.out());
    assertThat(ready.find()).isTrue();
    return ready.group(1);
  }

  private static Result jobs(String url, String... args) {
    List<String> all = new ArrayList<>(List.of("jobs"));
    all.addAll(List.of(args));
    return WarrenInside.run(Map.of("WARREN_COORDINATOR", url), all.toArray(new String[0]));
  }

  private Result jobsOfStore(String... args) {
    List<String> all = new ArrayList<>(List.of("jobs"));
    all.addAll(List.of(args));
    return WarrenInside.run(Map.of("WARREN_STORE", store()), all.toArray(new String[0]));
  }

  private Result submit(String url, String name, String function) {
    return jobs(
        url, "submit", name, "--fn", AppJar.function(function), "--input", input.toString());
  }

  private static JsonNode show(Result shown) {
    assertThat(shown.exit()).as("%s", shown.err()).isZero();
    return Json.read(Payload.of(shown.out()), JsonNode.class).path("job");
  }

  private static void awaitState(String url, String job, String state) {
    await()
        .atMost(SOON)
        .until(() -> show(jobs(url, "show", job, "--json")).path("state").asString().equals(state));
  }

  private String export(String url, String job) throws IOException {
    Path file = folder.resolve(job + ".out");
    Result exported = jobs(url, "export", job, "--output", file.toString());
    assertThat(exported.exit()).as("%s", exported.err()).isZero();
    return Files.readString(file);
  }

  @Test
  void it_accepts_a_job_and_stops_with_0() throws Exception {
    WarrenProcess coordinator = start();
    assertThat(submit(url(coordinator), "first", "square").out())
        .isEqualTo("job first: running, 500 calls\n");
    coordinator.signal("TERM");
    assertThat(coordinator.await().exit()).isZero();
  }

  @Tag("stress") // measures time, so it needs a quiet machine
  @Test
  void its_first_job_is_accepted_within_three_seconds() throws Exception {
    start().close(); // creates what later starts share
    long begin = System.nanoTime();
    submit(url(start()), "first", "square");
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(3));
  }

  @Test
  void a_job_by_http_has_the_output_of_map() throws Exception {
    String url = url(start());
    submit(url, "a", "square");
    Path mapped = folder.resolve("mapped");
    Result map =
        WarrenInside.run(
            Map.of(),
            "map",
            "--app",
            AppJar.path().toString(),
            "--fn",
            AppJar.function("square"),
            "--input",
            input.toString(),
            "--output",
            mapped.toString());
    assertThat(map.exit()).as("%s", map.err()).isZero();
    assertThat(export(url, "a")).isEqualTo(Files.readString(mapped));
    Result list = jobs(url, "list");
    assertThat(list.out().lines().toList().get(1)).startsWith("a     succeeded   500    500");
  }

  @Test
  void the_python_example_of_the_documentation_runs() throws Exception {
    String url = url(start());
    String page = Files.readString(RepositoryFiles.top().resolve("docs/HTTP.md"));
    Matcher example = Pattern.compile("(?s)```python\n(.*?)```").matcher(page);
    assertThat(example.find()).isTrue();
    Path program = folder.resolve("example.py");
    Files.writeString(program, example.group(1).replace("http://127.0.0.1:8765", url));
    Path out = folder.resolve("python.out");
    Process python =
        new ProcessBuilder("python3", program.toString())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    assertThat(python.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(Files.readAllLines(out)).containsExactly("python 500", "succeeded");
  }

  @Test
  void killed_and_started_again_it_goes_on() throws Exception {
    WarrenProcess first = start();
    String url = url(first);
    submit(url, "undisturbed", "slowly");
    String expected = export(url, "undisturbed");
    submit(url, "a", "slowly");
    await()
        .atMost(SOON)
        .until(() -> show(jobs(url, "show", "a", "--json")).path("succeeded").asInt() > 0);
    first.signal("KILL");
    first.await();
    Result left = jobsOfStore("list");
    assertThat(left.out()).contains("a            running");
    assertThat(export(url(start()), "a")).isEqualTo(expected);
  }

  @Test
  void jobs_are_changed_through_the_coordinator_and_in_the_store() throws Exception {
    String url = url(start());
    submit(url, "a", "slowly");
    assertThat(jobs(url, "pause", "a").out()).startsWith("job a: running (pause requested)");
    awaitState(url, "a", "paused");
    assertThat(jobsOfStore("resume", "a").exit()).isZero();
    awaitState(url, "a", "running");
    assertThat(jobsOfStore("cancel", "a").exit()).isZero();
    awaitState(url, "a", "cancelled");
    assertThat(jobs(url, "retry", "a", "--canary").exit()).isZero();
    awaitState(url, "a", "failed");
    assertThat(jobsOfStore("retry", "a").exit()).isZero();
    awaitState(url, "a", "succeeded");
    assertThat(jobs(url, "delete", "a", "--yes").out())
        .isEqualTo("job a with the outcomes of 500 calls deleted\n");
    assertThat(jobsOfStore("list", "--all").out()).contains("a     deleted");
  }

  @Test
  void a_job_submitted_to_the_store_runs_as_soon_as_a_coordinator_is_there() throws Exception {
    assertThat(submitToStore("early").out())
        .isEqualTo(
            "job early: accepted, 500 calls; no coordinator runs it yet: one of pool 'default' on"
                + " this store takes it within seconds, or start one with warren coordinator\n");
    assertThat(jobsOfStore("list").out()).contains("early  running");
    String url = url(start());
    awaitState(url, "early", "succeeded");
    assertThat(submitToStore("early").out()).isEqualTo("job early: succeeded, 500 calls\n");
    assertThat(submitToStore("late").out()).startsWith("job late: accepted, 500 calls; ");
    awaitState(url, "late", "succeeded");
    assertThat(export(url, "late")).isEqualTo(export(url, "early"));
    assertFailure(
        jobsOfStore("submit", "early", "--fn", AppJar.function("slowly"), "--input", "" + input),
        2,
        "is another one: function is");
    Result typed =
        WarrenInside.run(
            Map.of(),
            "jobs",
            "submit",
            "x",
            "--store",
            folder.resolve("a b").toString(),
            "--pool",
            "scores",
            "--fn",
            "a::b",
            "--input",
            input.toString());
    assertThat(typed.out())
        .endsWith("warren coordinator --pool scores --store '" + folder.resolve("a b") + "'\n");
  }

  private Result submitToStore(String name) {
    return jobsOfStore(
        "submit", name, "--fn", AppJar.function("square"), "--input", input.toString());
  }

  @Test
  void what_is_wrong_is_said_in_one_line() throws Exception {
    String url = url(start());
    submit(url, "nightly", "square");
    assertFailure(jobs(url, "show", "nihgtly"), 2, "did you mean nightly?");
    assertFailure(jobsOfStore("show", "nihgtly"), 2, "did you mean nightly?");
    String otherPool = "this coordinator serves pool 'default', not 'other'";
    assertFailure(jobs(url, "show", "nightly", "--pool", "other"), 2, otherPool);
    assertFailure(
        WarrenInside.run(Map.of("WARREN_COORDINATOR", url), "status", "--pool", "other"),
        3,
        otherPool);
    assertFailure(submit(url, "a/b", "square"), 2, "job name is 'a/b'");
    assertFailure(submit(url, "nightly", "slowly"), 2, "is another one: function is");
    assertFailure(
        jobsOfStore("submit", "x", "--fn", "a::b", "--input", "/none"), 2, "cannot read /none");
    assertFailure(
        jobsOfStore("submit", "a/b", "--fn", "a::b", "--input", input.toString()), 2, "'a/b'");
    assertFailure(jobs("http://127.0.0.1:1", "list"), 3, "does not answer: nothing listens");
    assertFailure(jobs("ftp://x", "list"), 2, "must be a URL");
  }

  private static void assertFailure(Result result, int exit, String sentence) {
    assertThat(result.exit()).as("%s", result.err()).isEqualTo(exit);
    assertThat(result.err()).hasSize(1).first().asString().contains(sentence);
  }

  @Test
  void each_line_of_a_coordinator_with_a_json_log_is_an_object() throws Exception {
    Map<String, String> settings =
        Map.of("WARREN_LOG_FORMAT", "json", "WARREN_STOER", "x", "WARREN_STORE", store());
    try (WarrenProcess coordinator =
        WarrenProcess.start(
            folder, "", settings, "coordinator", "--listen", "127.0.0.1:0", "--processes", "1")) {
      url(coordinator);
      coordinator.signal("TERM");
      Result result = coordinator.await();
      assertThat(result.exit()).as("%s", result.err()).isZero();
      List<String> lines = new ArrayList<>(result.out().lines().toList());
      assertThat(lines).hasSize(1);
      lines.addAll(result.err());
      assertThat(levels(lines)).contains("INFO").containsOnlyOnce("WARN");
      assertThat(result.err().get(0)).contains("WARREN_STOER is not a setting");
    }
    for (String wrong : List.of("--listen=0.0.0.0:0", "--lisetn=x")) {
      try (WarrenProcess process =
          WarrenProcess.start(folder, "", Map.of(), "coordinator", "--log-format=json", wrong)) {
        Result result = process.await();
        assertThat(result.exit()).isEqualTo(2);
        assertThat(levels(result.err())).containsExactly("ERROR");
      }
    }
  }

  private static List<String> levels(List<String> lines) {
    return lines.stream()
        .map(line -> Json.read(Payload.of(line), JsonNode.class))
        .peek(line -> assertThat(line.propertyNames()).contains("time", "message"))
        .map(line -> line.path("level").asString())
        .toList();
  }

  @Test
  void a_start_that_fails_says_why_in_one_line() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertStartFails(2, "the port is in use", "--listen", "127.0.0.1:" + taken.getLocalPort());
    }
    assertStartFails(2, "/proc/none", "--store", "/proc/none");
    assertStartFails(2, "--token-file", "--listen", "0.0.0.0:0");
    assertStartFails(3, "nothing listens", "--broker", "amqp://127.0.0.1:1", "--broker-timeout=1s");
  }

  private void assertStartFails(int exit, String sentence, String... args) throws Exception {
    List<String> all = new ArrayList<>(List.of("coordinator", "--log-level", "error"));
    all.addAll(List.of(args));
    Map<String, String> defaults =
        Map.of("WARREN_LISTEN", "127.0.0.1:0", "WARREN_STORE", store(), "WARREN_PROCESSES", "1");
    try (WarrenProcess process =
        WarrenProcess.start(folder, "", defaults, all.toArray(new String[0]))) {
      Result result = process.await();
      assertThat(result.exit()).as("%s", result.err()).isEqualTo(exit);
      assertThat(result.err()).hasSize(1).first().asString().contains(sentence);
    }
  }
}

package dev.warren.cli.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.cli.AppJar;
import dev.warren.cli.WarrenInside;
import dev.warren.cli.WarrenProcess;
import dev.warren.cli.WarrenProcess.Result;
import dev.warren.testkit.SharedBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The command with real children, locally and over a real broker: in this JVM, from file to file,
 * except where a test is about standard streams, signals or the log.
 */
class MapCommandIT {
  private static final Duration SOON = Duration.ofMinutes(3);
  private static final int MANY = 3_000;

  @TempDir private Path folder;
  private String app = "";

  @BeforeEach
  void pack_the_app() throws IOException {
    app = AppJar.path().toString();
  }

  /** Runs the command in this JVM; its output is as from {@code --output -}. */
  private Result map(String input, String function, String... options) throws IOException {
    Path in = Files.writeString(folder.resolve("in.txt"), input);
    Path out = Files.writeString(folder.resolve("out.txt"), "");
    List<String> args = arguments(function, options);
    args.addAll(List.of("--processes", "1"));
    args.addAll(args.contains("--input") ? List.of() : List.of("--input", in.toString()));
    args.addAll(args.contains("--output") ? List.of() : List.of("--output", out.toString()));
    Result result = WarrenInside.run(Map.of(), args.toArray(new String[0]));
    assertThat(result.out()).isEmpty();
    return new Result(result.exit(), Files.readString(out), result.err());
  }

  private Result mapInProcess(String input, String function, String... options)
      throws IOException, InterruptedException {
    List<String> args = arguments(function, options);
    return WarrenProcess.run(folder, input, args.toArray(new String[0]));
  }

  private List<String> arguments(String function, String... options) {
    List<String> args = new ArrayList<>(List.of("map", "--no-progress", "--app", app));
    args.addAll(List.of("--fn", AppJar.function(function)));
    args.addAll(Arrays.asList(options));
    return args;
  }

  private WarrenProcess worker(String broker, String... options) throws IOException {
    List<String> args = new ArrayList<>(List.of("worker", "--broker", broker, "--app", app));
    args.addAll(Arrays.asList(options));
    return WarrenProcess.start(folder, "", Map.of(), args.toArray(new String[0]));
  }

  @Test
  void one_line_per_call_in_the_order_of_the_input() throws Exception {
    Result result = mapInProcess("3\n1\n2\n", "square");
    assertThat(result.out())
        .isEqualTo(
            "{\"index\":0,\"value\":9}\n{\"index\":1,\"value\":1}\n{\"index\":2,\"value\":4}\n");
    assertThat(result.err()).isEmpty();
    assertThat(result.exit()).isZero();
  }

  @Test
  void several_parameters_take_an_array_per_line() throws Exception {
    Result result = map("[\"a\",1,[2.50]]\n[\"b\",2,[]]\n", "joined");
    assertThat(result.out())
        .isEqualTo("{\"index\":0,\"value\":\"a1[2.50]\"}\n{\"index\":1,\"value\":\"b2[]\"}\n");
  }

  @Test
  void an_empty_input_ends_at_once() throws Exception {
    Result result = map("", "square");
    assertThat(result.out()).isEmpty();
    assertThat(result.exit()).isZero();
  }

  @Test
  void an_overload_is_chosen_by_its_parameters() throws Exception {
    assertThat(map("4\n", "twice(int)").out()).isEqualTo("{\"index\":0,\"value\":8}\n");
    assertThat(map("ab\n", "twice(String)", "--lines").out())
        .isEqualTo("{\"index\":0,\"value\":\"abab\"}\n");
  }

  @Test
  void a_failed_call_is_a_line_of_output_and_exit_code_1() throws Exception {
    Result result = mapInProcess("\"ok\"\n\"fail 1\"\n\"ok\"\n", "mixed");
    assertThat(result.out().lines())
        .containsExactly(
            "{\"index\":0,\"value\":\"ok\"}",
            "{\"index\":1,\"error\":{\"type\":\"java.lang.IllegalStateException\","
                + "\"message\":\"asked to fail: fail 1 ☠\",\"kind\":\"failed\",\"attempt\":1}}",
            "{\"index\":2,\"value\":\"ok\"}");
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).hasSize(1);
    assertThat(result.err().get(0))
        .startsWith("warren: 1 of 3 calls failed; index 1: java.lang.IllegalStateException: asked");
  }

  @Test
  void an_argument_that_does_not_convert_fails_its_own_call() throws Exception {
    Result result = map("1\n\"x\"\n3\n", "square");
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).hasSize(1);
    assertThat(result.out().lines()).hasSize(3);
    assertThat(result.out()).contains("{\"index\":2,\"value\":9}", "\"kind\":\"rejected\"");
  }

  @Test
  void an_empty_text_is_not_a_number_unless_reading_is_lax() throws Exception {
    Result strict = map("\"\"\n", "square");
    assertThat(strict.exit()).isEqualTo(1);
    assertThat(strict.out()).contains("\"kind\":\"rejected\"");
    Result lax = map("\"\"\n", "square", "--strict-json=false");
    assertThat(lax.exit()).isZero();
    assertThat(lax.out()).contains("{\"index\":0,\"value\":0}");
  }

  @Test
  void a_line_that_is_not_json_is_named_and_the_calls_before_it_are_done() throws Exception {
    Path input = Files.writeString(folder.resolve("bad.jsonl"), "1\n2\nthree\n4\n");
    Result result = map("", "square", "--input", input.toString());
    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).hasSize(1);
    assertThat(result.err().get(0)).contains("bad.jsonl line 3 is not JSON");
    assertThat(result.out()).isEqualTo("{\"index\":0,\"value\":1}\n{\"index\":1,\"value\":4}\n");
  }

  @Test
  void a_full_disk_ends_the_run_in_one_line() throws Exception {
    Result result = map("1\n2\n", "square", "--output", "/dev/full");
    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err())
        .containsExactly("warren: cannot write /dev/full: No space left on device");
  }

  @Test
  void a_full_disk_ends_a_run_that_waits_for_a_call() throws Exception {
    Result result = map("0\n1\n", "hang", "--output", "/dev/full", "--chunk", "1");
    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err())
        .containsExactly("warren: cannot write /dev/full: No space left on device");
  }

  @Test
  void bad_input_is_reported_in_one_line() throws Exception {
    String options = "map --no-progress --fn java.lang.Integer::bitCount --output /nowhere/out";
    Result result = WarrenProcess.run(folder, "1\n", options.split(" "));
    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).hasSize(1);
    assertThat(result.err().get(0)).startsWith("warren: cannot write /nowhere/out");
    assertThat(result.out()).isEmpty();
  }

  @Test
  void a_wrong_password_is_reported_in_one_line() throws Exception {
    String uri = SharedBroker.get().uri().replaceFirst(":[^:@/]+@", ":mistaken@");
    Result result = map("1\n", "square", "--broker", uri);
    assertThat(result.exit()).isEqualTo(3);
    assertThat(result.err()).hasSize(1);
    assertThat(result.err().get(0)).contains("wrong name or password").doesNotContain("mistaken");
  }

  @Test
  void an_interrupted_run_writes_the_finished_calls_and_exits_with_130() throws Exception {
    try (WarrenProcess run =
        WarrenProcess.start(
            folder,
            "0\n0\n1\n",
            Map.of(),
            "map",
            "--no-progress",
            "--app",
            app,
            "--fn",
            AppJar.function("hang"),
            "--chunk",
            "1")) {
      await().atMost(SOON).until(() -> run.out().lines().count() == 2);
      run.signal("INT");
      Result result = run.await();
      assertThat(result.exit()).isEqualTo(130);
      assertThat(result.out()).isEqualTo("{\"index\":0,\"value\":0}\n{\"index\":1,\"value\":0}\n");
      assertThat(result.err()).isEmpty();
    }
  }

  @Test
  void the_output_is_the_same_byte_by_byte_on_this_machine_and_over_a_broker() throws Exception {
    Path input = Files.write(folder.resolve("in.jsonl"), mixedLines());
    Path local = folder.resolve("local.jsonl");
    Path remote = folder.resolve("remote.jsonl");
    String[] files = {"--input", input.toString(), "--output"};
    Result first = map("", "mixed", files[0], files[1], files[2], local.toString());
    String broker = SharedBroker.uri("same-bytes");
    try (WarrenProcess one = worker(broker, "--processes", "1", "--spares", "0");
        WarrenProcess other = worker(broker, "--processes", "1", "--spares", "0")) {
      Result second =
          mapInProcess(
              "", "mixed", files[0], files[1], files[2], remote.toString(), "--broker", broker);
      assertThat(second.exit()).isEqualTo(first.exit()).isEqualTo(1);
      one.signal("TERM");
      other.signal("TERM");
      assertThat(one.await().exit()).isZero();
      assertThat(other.await().exit()).isZero();
    }
    assertThat(Files.mismatch(local, remote)).isEqualTo(-1);
    try (var lines = Files.lines(local)) {
      assertThat(lines.filter(line -> line.contains("\"error\"")).count()).isEqualTo(MANY / 10);
    }
    assertThat(Files.readAllLines(local)).hasSize(MANY);
  }

  private static List<String> mixedLines() {
    Random random = new Random(20261122);
    List<String> lines = new ArrayList<>(MANY);
    for (int i = 0; i < MANY; i++) {
      lines.add(
          switch (i % 10) {
            case 0 -> Integer.toString(random.nextInt());
            case 1 -> Double.toString(random.nextGaussian() * 1e10);
            case 2 -> "\"text " + i + " äöü ☃ 𝄞 \\\"quoted\\\" \\u2028\\t\"";
            case 3 -> "{\"id\":" + i + ",\"tags\":[\"a\",null,true],\"sub\":{\"é\":{\"x\":1.5}}}";
            case 4 -> "null";
            case 5 -> "\"fail " + i + "\"";
            case 6 -> "[1,[2,[" + random.nextLong() + "]],{}]";
            case 7 -> "12345678901234567890123456789" + i;
            case 8 -> "true";
            default -> "\"\"";
          });
    }
    return lines;
  }
}

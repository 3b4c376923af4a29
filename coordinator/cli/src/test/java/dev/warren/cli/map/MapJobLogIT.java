package dev.warren.cli.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.cli.AppJar;
import dev.warren.cli.WarrenInside;
import dev.warren.cli.WarrenProcess;
import dev.warren.cli.WarrenProcess.Result;
import dev.warren.testkit.RepositoryFiles;
import dev.warren.testkit.WarrenProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that are killed and resumed, their summary, and functions that this host does not have. */
class MapJobLogIT {
  private static final Duration SOON = Duration.ofMinutes(3);
  private static final int CALLS = 200;

  @TempDir private Path folder;
  private String app = "";
  private Path in = Path.of("");
  private Path out = Path.of("");
  private Path log = Path.of("");

  @BeforeEach
  void input() throws IOException {
    app = AppJar.path().toString();
    out = folder.resolve("out.jsonl");
    log = folder.resolve("run.log");
    in =
        Files.writeString(
            folder.resolve("in.jsonl"),
            IntStream.range(0, CALLS).mapToObj(i -> i + "\n").collect(Collectors.joining()));
  }

  private String[] arguments(String function, String... options) {
    List<String> args = new ArrayList<>(List.of("map", "--app", app, "--processes", "1"));
    args.addAll(List.of("--fn", AppJar.function(function), "--input", in.toString()));
    args.addAll(List.of("--output", out.toString(), "--joblog", log.toString()));
    args.addAll(Arrays.asList(options));
    return args.toArray(new String[0]);
  }

  private Result inside(String function, String... options) {
    return WarrenInside.run(Map.of(), arguments(function, options));
  }

  private long lines(Path file) throws IOException {
    return Files.exists(file) ? Files.readString(file).chars().filter(c -> c == '\n').count() : 0;
  }

  @Test
  void a_run_killed_with_sigkill_continues_where_it_was() throws Exception {
    String[] args = arguments("slowly", "--chunk", "1", "--no-progress");
    try (WarrenProcess run = WarrenProcess.start(folder, "", Map.of(), args)) {
      await().atMost(SOON).until(() -> lines(log) > 5);
      run.signal("KILL");
      run.await();
    }
    long before = lines(log) - 1;
    assertThat(before).isLessThan(CALLS);
    Files.writeString(log, Files.readString(log) + "17\t:\t17000");
    Result resumed = inside("slowly", "--resume");
    assertThat(resumed.exit()).isZero();
    assertThat(resumed.err().get(resumed.err().size() - 1))
        .endsWith("; " + before + " done before");
    assertThat(Files.readAllLines(out))
        .containsExactlyElementsOf(
            IntStream.range(0, CALLS)
                .mapToObj(i -> "{\"index\":" + i + ",\"value\":" + i + "}")
                .toList());
    assertThat(lines(log)).isEqualTo(CALLS + 1L);
  }

  @Test
  void ctrl_c_ends_with_the_summary() throws Exception {
    String[] args = arguments("slowly", "--chunk", "1");
    try (WarrenProcess run = WarrenProcess.start(folder, "", Map.of(), args)) {
      await().atMost(SOON).until(() -> lines(log) > 5);
      run.signal("INT");
      Result result = run.await();
      assertThat(result.exit()).isEqualTo(130);
      assertThat(result.err().get(result.err().size() - 1))
          .matches("warren: interrupted: \\d+ calls in .*: \\d+ ok, 0 failed; call time p50 .*");
    }
  }

  @Test
  void ctrl_c_on_a_terminal_with_a_progress_bar_ends_with_the_summary_too() throws Exception {
    List<String> command = WarrenProgram.command(arguments("slowly", "--chunk", "1"));
    String words = command.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
    String line = "exec env --default-signal=INT " + words;
    Path screen = folder.resolve("screen");
    Process terminal =
        new ProcessBuilder("script", "-qec", line, "/dev/null")
            .redirectErrorStream(true)
            .redirectOutput(screen.toFile())
            .start();
    try {
      await().atMost(SOON).until(() -> lines(log) > 5);
      terminal.getOutputStream().write(3);
      terminal.getOutputStream().flush();
      assertThat(terminal.waitFor(180, TimeUnit.SECONDS)).isTrue();
      assertThat(terminal.exitValue()).isEqualTo(130);
      assertThat(Files.readString(screen)).contains("calls ", "warren: interrupted: ");
    } finally {
      terminal.destroyForcibly();
    }
  }

  @Test
  void the_summary_counts_failures_by_kind_and_gives_times() throws Exception {
    Files.writeString(in, "\"ok\"\n\"fail\"\n");
    Result result = inside("mixed", "--with-input", "--max-tasks-per-child", "1");
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.err()).hasSize(2);
    assertThat(result.err().get(0))
        .matches(
            Pattern.quote("warren: 2 calls in ")
                + ".*: 1 ok, 1 failed \\(failed 1\\); call time p50 .*, p95 .*, max .*;"
                + " children: \\d recycled, 0 lost");
    assertThat(Files.readString(out))
        .startsWith("{\"index\":0,\"input\":\"ok\",\"value\":\"ok\"}\n");
  }

  @Test
  void a_file_with_content_is_overwritten_only_by_force() throws Exception {
    Files.writeString(out, "precious\n");
    Result refused = inside("square");
    assertThat(refused.exit()).isEqualTo(2);
    assertThat(refused.err().get(0)).contains("out.jsonl exists; overwrite it with --force");
    assertThat(Files.readString(out)).isEqualTo("precious\n");
    assertThat(log).doesNotExist();
    assertThat(inside("square", "--force").exit()).isZero();
    assertThat(lines(out)).isEqualTo(CALLS);
  }

  @Test
  void a_function_of_another_language_is_called_by_name() throws Exception {
    Files.writeString(in, "[1,2]\n[3,4]\n");
    Path child = RepositoryFiles.pythonChild();
    Result result =
        WarrenInside.run(
            Map.of(),
            "map",
            "--fn",
            "operator::add",
            "--arity",
            "2",
            "--processes",
            "1",
            "--child-command",
            "python3 " + child,
            "--input",
            in.toString(),
            "--output",
            out.toString());
    assertThat(result.exit()).isZero();
    assertThat(Files.readAllLines(out))
        .containsExactly("{\"index\":0,\"value\":3}", "{\"index\":1,\"value\":7}");
  }
}

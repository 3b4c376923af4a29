package dev.warren.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.cli.WarrenProcess.Result;
import dev.warren.testkit.RepositoryFiles;
import dev.warren.testkit.SharedBroker;
import dev.warren.testkit.WarrenProgram;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The different ways and environments in which the program is started. */
class StartsIT {
  private static final Duration SOON = Duration.ofMinutes(3);
  private static final String BINARY = "java.lang.Integer::toBinaryString";
  private static final Map<String, String> ONE_CHILD =
      Map.of("WARREN_PROCESSES", "1", "WARREN_SPARES", "0");

  /** Where the script is installed: for all tests, which share its archive. */
  @TempDir private static Path home;

  @TempDir private Path folder;
  private String app = "";

  @BeforeEach
  void pack_the_app() throws IOException {
    app = AppJar.path().toString();
  }

  private WarrenProcess hangingMap(String input) throws IOException {
    String hang = AppJar.function("hang");
    return WarrenProcess.start(
        folder,
        input,
        Map.of(),
        "map",
        "--no-progress",
        "--app",
        app,
        "--fn",
        hang,
        "--chunk",
        "1");
  }

  // signals

  @Test
  void a_map_whose_terminal_is_closed_ends_as_on_ctrl_c_and_writes_the_finished_calls_only()
      throws Exception {
    try (WarrenProcess run = hangingMap("0\n0\n1\n0\n1\n1\n")) {
      await().atMost(SOON).until(() -> run.out().lines().count() >= 2);
      run.signal("HUP");
      Result result = run.await();
      assertThat(result.exit()).isEqualTo(130);
      assertThat(result.out()).isEqualTo("{\"index\":0,\"value\":0}\n{\"index\":1,\"value\":0}\n");
      assertThat(result.err()).isEmpty();
    }
  }

  @Test
  void a_worker_whose_terminal_was_closed_drains() throws Exception {
    String broker = SharedBroker.uri("hang-up");
    try (WarrenProcess worker =
        WarrenProcess.start(
            folder, "", ONE_CHILD, "worker", "--broker", broker, "--app", app, "--grace", "20s")) {
      await().atMost(SOON).until(() -> worker.err().contains(" serves pool "));
      worker.signal("HUP");
      Result result = worker.await();
      assertThat(result.exit()).isZero();
      assertThat(String.join("\n", result.err())).contains("received a signal: draining");
    }
  }

  @Test
  void a_worker_started_by_nohup_survives_its_terminal() throws Exception {
    String broker = SharedBroker.uri("no-hang-up");
    Path log = folder.resolve("log");
    List<String> command = new ArrayList<>(List.of("env", "--ignore-signal=HUP"));
    command.addAll(WarrenProgram.command("worker", "--broker", broker, "--app", app));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().putAll(ONE_CHILD);
    Process worker = builder.start();
    try {
      await().atMost(SOON).until(() -> Files.readString(log).contains(" serves pool "));
      signal("HUP", worker);
      signal("TERM", worker);
      assertThat(worker.waitFor(180, TimeUnit.SECONDS)).isTrue();
      assertThat(Files.readString(log)).containsOnlyOnce("received a signal");
    } finally {
      worker.destroyForcibly();
    }
  }

  private static void signal(String name, Process process)
      throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  // the temporary folder

  @ParameterizedTest
  @ValueSource(strings = {"long", "missing"})
  void a_temporary_folder_that_cannot_hold_a_socket_is_skipped(String which) throws Exception {
    Path temp = folder.resolve(which.equals("long") ? "x".repeat(136) : "missing");
    if (which.equals("long")) {
      Files.createDirectory(temp);
    }
    Map<String, String> options =
        Map.of("JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + temp, "WARREN_PROCESSES", "1");
    try (WarrenProcess run =
        WarrenProcess.start(folder, "5\n", options, "map", "--no-progress", "--fn", BINARY)) {
      Result result = run.await();
      assertThat(result.out()).isEqualTo("{\"index\":0,\"value\":\"101\"}\n");
      assertThat(result.exit()).isZero();
    }
  }

  // the script

  /** The script beside the jars of this build, with nothing to build. */
  private static Path installed() throws IOException {
    Path script = home.resolve("warren");
    if (Files.exists(script)) {
      return script;
    }
    Path lib = RepositoryFiles.programJars();
    Files.createSymbolicLink(home.resolve("lib"), lib);
    return Files.copy(
        RepositoryFiles.top().resolve("warren"), script, StandardCopyOption.COPY_ATTRIBUTES);
  }

  private Result script(Path script, Map<String, String> environment, String redirections)
      throws IOException, InterruptedException {
    Path out = folder.resolve("script.out");
    Path err = folder.resolve("script.err");
    String line = "exec \"$0\" map --no-progress --fn " + BINARY + " " + redirections;
    ProcessBuilder builder =
        new ProcessBuilder("sh", "-c", line, script.toString())
            .redirectInput(Files.writeString(folder.resolve("script.in"), "5\n").toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().putAll(ONE_CHILD);
    builder.environment().put("WARREN_JVM_OPTIONS", "-XX:TieredStopAtLevel=1");
    builder.environment().put("XDG_CACHE_HOME", home.resolve("cache").toString());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    assertThat(process.waitFor(180, TimeUnit.SECONDS)).isTrue();
    return new Result(process.exitValue(), Files.readString(out), Files.readAllLines(err));
  }

  @Test
  void closed_standard_streams_are_as_dev_null() throws Exception {
    Path warren = installed();
    assertThat(script(warren, Map.of(), "<&-")).isEqualTo(new Result(0, "", List.of()));
    assertThat(script(warren, Map.of(), ">&-")).isEqualTo(new Result(0, "", List.of()));
    String answer = "{\"index\":0,\"value\":\"101\"}\n";
    assertThat(script(warren, Map.of(), "2>&-")).isEqualTo(new Result(0, answer, List.of()));
    assertThat(script(warren, Map.of(), "<&- >&- 2>&-")).isEqualTo(new Result(0, "", List.of()));
  }

  @Test
  void the_script_names_a_working_folder_that_was_deleted() throws Exception {
    Path gone = Files.createDirectory(folder.resolve("gone"));
    Process process =
        new ProcessBuilder(
                "sh", "-c", "rmdir ../gone && exec \"$0\" --version", installed().toString())
            .directory(gone.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isEqualTo(2);
    assertThat(said).endsWith("warren: the working folder was deleted; cd to one that exists\n");
  }

  @Test
  void a_worker_whose_working_folder_is_deleted_under_it_goes_on() throws Exception {
    String broker = SharedBroker.uri("no-folder");
    Path gone = Files.createDirectory(folder.resolve("gone"));
    Path log = folder.resolve("log");
    List<String> command =
        WarrenProgram.command(
            "worker", "--broker", broker, "--app", Path.of(app).toRealPath().toString());
    command.addAll(List.of("--processes", "1", "--spares", "0", "--max-tasks-per-child", "1"));
    Process worker =
        new ProcessBuilder(command)
            .directory(gone.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      await().atMost(SOON).until(() -> Files.readString(log).contains(" serves pool "));
      Files.delete(gone);
      Result map =
          WarrenProcess.run(
              folder,
              "1\n2\n3\n4\n5\n6\n",
              "map",
              "--broker",
              broker,
              "--app",
              app,
              "--fn",
              AppJar.function("square"));
      assertThat(map.exit()).as(map + Files.readString(log)).isZero();
      assertThat(map.out()).contains(":36}");
      assertThat(Files.readString(log))
          .containsOnlyOnce("was deleted: children start in / instead");
    } finally {
      worker.destroyForcibly();
    }
  }

  @Test
  void another_java_than_before_has_its_own_archive_and_says_nothing() throws Exception {
    Path warren = installed();
    String answer = "{\"index\":0,\"value\":\"101\"}\n";
    assertThat(script(warren, Map.of(), "")).isEqualTo(new Result(0, answer, List.of()));
    Path other = Files.createDirectories(folder.resolve("other-java/bin"));
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Files.writeString(other.resolve("java"), "#!/bin/sh\nexec " + java + " \"$@\"\n");
    Files.setPosixFilePermissions(
        other.resolve("java"), PosixFilePermissions.fromString("rwxr-xr-x"));
    Map<String, String> home = Map.of("JAVA_HOME", other.getParent().toString());
    assertThat(script(warren, home, "")).isEqualTo(new Result(0, answer, List.of()));
    List<Path> archives = archives();
    assertThat(archives).hasSize(2);
    for (Path archive : archives) {
      Files.delete(archive); // it is read-only
      Files.writeString(archive, "made by quite another Java");
    }
    assertThat(script(warren, home, "")).isEqualTo(new Result(0, answer, List.of()));
  }

  private static List<Path> archives() throws IOException {
    try (Stream<Path> files = Files.list(home.resolve("cache/warren"))) {
      return files
          .filter(file -> file.getFileName().toString().matches("classes-.*\\.jsa"))
          .toList();
    }
  }
}

package dev.warren.chaos;

import static org.awaitility.Awaitility.await;

import dev.warren.testkit.RepositoryFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@link Coordinator} as a separate process. Confined to the scenario's thread. */
final class CoordinatorHost {
  private final Process process;
  private final Path folder;
  private final Path out;

  private CoordinatorHost(Process process, Path folder, Path out) {
    this.process = process;
    this.folder = folder;
    this.out = out;
  }

  /** Starts a coordinator with this number of calls; its traces are in a separate folder. */
  static CoordinatorHost start(Stage stage, int calls, Work.Deed deed) throws IOException {
    return start(stage, List.of(), "-Xmx256m", Integer.toString(calls), deed.name());
  }

  /**
   * Starts a coordinator with a small heap and without disk space: no file may exceed 64 KB, as on
   * a full disk. Its calls return a mebibyte each, and it consumes none before {@link #take}.
   */
  static CoordinatorHost startWithoutRoom(Stage stage, int calls) throws IOException {
    List<String> limit = List.of("bash", "-c", "ulimit -f 64 && exec \"$@\"", "limited");
    return start(
        stage, limit, "-Xmx64m", Integer.toString(calls), Work.Deed.NOTHING.name(), "large");
  }

  private static CoordinatorHost start(
      Stage stage, List<String> prefix, String heap, String... arguments) throws IOException {
    Path folder = Files.createTempDirectory(stage.folder(), "coordinator");
    Path out = folder.resolve("out.txt");
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:-UsePerfData", heap));
    command.addAll(List.of("-cp", WorkJar.path() + ":" + RepositoryFiles.programClassPath()));
    command.addAll(List.of(Coordinator.class.getName(), stage.uri(stage.poolProxy())));
    command.add(folder.toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(folder.resolve("err.txt").toFile());
    builder.environment().put(Processes.MARK, stage.mark());
    return new CoordinatorHost(builder.start(), folder, out);
  }

  /** Waits until it has reported the ends of this number of calls. */
  void awaitEnded(int calls, Duration limit) {
    await("the coordinator's calls ended: " + calls)
        .pollInSameThread()
        .atMost(limit)
        .until(
            () -> {
              if (!process.isAlive()) {
                throw new AssertionError(Files.readString(folder.resolve("err.txt")));
              }
              return ended() >= calls;
            });
  }

  /** How many of its calls have ended, as far as it has reported. */
  int ended() throws IOException {
    return (int) Files.readAllLines(out).stream().filter(l -> l.startsWith("ended ")).count();
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor(10, TimeUnit.SECONDS);
  }

  /** Lets a coordinator that was started without disk space consume its results. */
  void take() throws IOException {
    Files.createFile(folder.resolve("take"));
  }

  /** Its log and output so far. */
  String said() throws IOException {
    return Files.readString(out) + Files.readString(folder.resolve("err.txt"));
  }

  /** Waits for it to exit by itself; returns its exit code. */
  int awaitExit(Duration limit) throws InterruptedException {
    if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("the coordinator is still running after " + limit);
    }
    return process.exitValue();
  }

  /** How many of its calls have been started. */
  int begun() {
    return new Calls(folder).starts().size();
  }
}

package dev.warren.chaos;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@link Coordinator} in a process of its own. Confined to the scenario's thread. */
final class CoordinatorHost {
  private final Process process;
  private final Path folder;
  private final Path out;

  private CoordinatorHost(Process process, Path folder, Path out) {
    this.process = process;
    this.folder = folder;
    this.out = out;
  }

  /** Starts one that has so many calls run; its traces are in a folder of their own. */
  static CoordinatorHost start(Stage stage, int calls, Work.Deed deed) throws IOException {
    Path folder = Files.createTempDirectory(stage.folder(), "coordinator");
    Path out = folder.resolve("out.txt");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-Xmx256m",
            "-cp",
            WorkJar.path() + ":" + WorkerHost.classPath(),
            Coordinator.class.getName(),
            stage.uri(stage.poolProxy()),
            folder.toString(),
            Integer.toString(calls),
            deed.name());
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(folder.resolve("err.txt").toFile());
    builder.environment().put(Processes.MARK, stage.mark());
    return new CoordinatorHost(builder.start(), folder, out);
  }

  /** Waits until it knows the end of so many calls. */
  void awaitEnded(int calls, Duration limit) {
    await("the coordinator's calls ended: " + calls)
        .pollInSameThread()
        .atMost(limit)
        .until(
            () -> {
              if (!process.isAlive()) {
                throw new AssertionError(Files.readString(folder.resolve("err.txt")));
              }
              return Files.readAllLines(out).size() >= calls;
            });
  }

  /** SIGKILL. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor(10, TimeUnit.SECONDS);
  }

  /** How many of its calls have been begun. */
  int begun() {
    return new Calls(folder).starts().size();
  }
}

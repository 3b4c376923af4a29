package dev.warren.cli.worker;

import dev.warren.testkit.WarrenProgram;
import dev.warren.worker.child.TestFunctions;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A worker as a separate process, as on another host. */
public final class WorkerProcess implements AutoCloseable {
  private final Process process;
  private final Path log;

  private WorkerProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** Starts a worker that may call the test functions; its log goes to {@code log}. */
  public static WorkerProcess start(String uri, Path log, String... options) throws IOException {
    return start(uri, log, Map.of(), options);
  }

  /** The same with these variables in its environment. */
  public static WorkerProcess start(
      String uri, Path log, Map<String, String> environment, String... options) throws IOException {
    List<String> command =
        WarrenProgram.command(
            "worker", "--broker", uri, "--app", app().toString(), "--processes", "2");
    command.addAll(List.of(options));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    builder.environment().putAll(environment);
    return new WorkerProcess(builder.start(), log);
  }

  /** The jar of the functions that the tests call. */
  private static Path app() {
    return Path.of(
        TestFunctions.class.getProtectionDomain().getCodeSource().getLocation().getPath());
  }

  public String log() throws IOException {
    return Files.exists(log) ? Files.readString(log) : "";
  }

  /** Whether it has logged that it serves the pool; fails if it has ended instead. */
  public boolean serves(String pool) throws IOException {
    if (!process.isAlive()) {
      throw new AssertionError("worker ended with " + process.exitValue() + ": " + log());
    }
    return log().contains(" serves pool " + pool);
  }

  /** Its id, once it has logged it. */
  public String id() throws IOException {
    String text = log();
    int at = text.indexOf("worker w-");
    return text.substring(at + "worker ".length(), text.indexOf(' ', at + "worker ".length()));
  }

  /** SIGKILL. */
  public void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor(10, TimeUnit.SECONDS);
  }

  /** SIGTERM. */
  public void terminate() {
    process.destroy();
  }

  /** Waits for its end; returns its exit code. */
  public int exitCode() throws InterruptedException {
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new AssertionError("worker " + process.pid() + " did not end");
    }
    return process.exitValue();
  }

  /** Processes with this worker's mark. */
  public static List<Long> marked(String id) throws IOException {
    List<Long> found = new ArrayList<>();
    try (var entries = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path entry : entries) {
        if (environment(entry).contains("WARREN_SUPERVISOR=" + id)) {
          found.add(Long.parseLong(entry.getFileName().toString()));
        }
      }
    }
    return found;
  }

  private static String environment(Path process) {
    try {
      return Files.readString(process.resolve("environ"));
    } catch (IOException e) {
      return ""; // it has ended
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}

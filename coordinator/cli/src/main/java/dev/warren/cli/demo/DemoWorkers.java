package dev.warren.cli.demo;

import dev.warren.broker.BrokerUri;
import dev.warren.cli.kit.CommandFailure;
import dev.warren.cli.kit.ExitCode;
import dev.warren.cli.worker.WorkerMain;
import dev.warren.lifecycle.NamedThreads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The worker processes that a demo over a broker starts, with their logs in a temporary folder.
 * Confined to the main thread; a shutdown hook stops the workers if the JVM ends early.
 */
final class DemoWorkers implements AutoCloseable {
  private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
  private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(5);

  private final List<Process> workers = new ArrayList<>();
  private final Path logs;
  private final Thread atExit = NamedThreads.unstarted("demo-exit", this::terminate);

  private final DemoBeats beats;

  private DemoWorkers(Path logs, DemoBeats beats) {
    this.logs = logs;
    this.beats = beats;
  }

  /** Starts {@code count} workers without waiting for them. */
  static DemoWorkers start(
      int count, String broker, BrokerUri uri, Path app, int processesEach, int maxTasks)
      throws InterruptedException {
    try {
      DemoWorkers started =
          new DemoWorkers(Files.createTempDirectory("warren-demo-"), DemoBeats.open(uri));
      Runtime.getRuntime().addShutdownHook(started.atExit);
      for (int i = 1; i <= count; i++) {
        started.add(i, broker, uri, app, processesEach, maxTasks);
      }
      return started;
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.USAGE, "cannot start a worker process: " + e.getMessage(), e);
    }
  }

  private void add(int number, String broker, BrokerUri uri, Path app, int processes, int maxTasks)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            WorkerMain.class.getName(),
            "--pool",
            uri.pool(),
            "--app",
            app.toString(),
            "--processes",
            Integer.toString(processes),
            "--max-tasks-per-child",
            Integer.toString(maxTasks));
    // settings that the user made for other workers, such as WARREN_FUNCTIONS, do not apply here
    builder.environment().keySet().removeIf(name -> name.startsWith("WARREN_"));
    builder
        .environment()
        .put("WARREN_BROKER", broker); // not an argument, because ps shows arguments to everyone
    builder.redirectErrorStream(true);
    builder.redirectOutput(log(number).toFile());
    Process worker = builder.start();
    worker.getOutputStream().close();
    workers.add(worker);
  }

  private Path log(int number) {
    return logs.resolve("worker-" + number + ".log");
  }

  List<Long> pids() {
    return workers.stream().map(Process::pid).toList();
  }

  /** A child of one of the workers; empty if none is running. */
  Optional<ProcessHandle> child() {
    return beats.children().stream()
        .flatMap(pid -> ProcessHandle.of(pid).stream())
        .filter(ProcessHandle::isAlive)
        .findFirst();
  }

  /** Number of children that the workers have recycled. */
  long recycled() throws InterruptedException {
    return beats.recycled(ANSWERS_WITHIN);
  }

  /**
   * Drains the workers, waits for them, and removes their logs if all ended cleanly; otherwise
   * prints where the logs are.
   */
  @Override
  public void close() {
    beats.close();
    terminate();
    boolean well = true;
    for (Process worker : workers) {
      well &= ended(worker);
    }
    Runtime.getRuntime().removeShutdownHook(atExit);
    if (well) {
      removeLogs();
    } else {
      System.err.println("warren: a worker did not end cleanly; the logs are in " + logs);
    }
  }

  private static boolean ended(Process worker) {
    try {
      if (worker.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        return worker.exitValue() == 0;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    worker.destroyForcibly();
    return false;
  }

  private void removeLogs() {
    try {
      for (int i = 1; i <= workers.size(); i++) {
        Files.deleteIfExists(log(i));
      }
      Files.deleteIfExists(logs);
    } catch (IOException e) {
      System.err.println("warren: cannot remove " + logs + ": " + e.getMessage());
    }
  }

  private void terminate() {
    workers.forEach(Process::destroy);
  }
}

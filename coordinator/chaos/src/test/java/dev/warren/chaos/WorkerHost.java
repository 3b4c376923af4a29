package dev.warren.chaos;

import static org.awaitility.Awaitility.await;

import dev.warren.testkit.RepositoryFiles;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A {@code warren worker} as a separate process, from the jars of this build: the closest that a
 * test has to a host of the cluster. Thread-safe.
 */
final class WorkerHost {
  private final String name;
  private final Process process;
  private final Path log;
  // volatile: set by the thread that kills it, read by the checks afterwards
  private volatile boolean broken;

  private WorkerHost(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
  }

  /**
   * Starts a worker, with its log in the folder; all its processes carry {@code mark}. Its program
   * is {@link WorkJar}, unless the options name another {@code --app}.
   */
  static WorkerHost start(String name, Path folder, String mark, String uri, List<String> options) {
    Path log = folder.resolve(name + ".log");
    List<String> command =
        new ArrayList<>(
            List.of(
                // a process group of its own, which hears of Ctrl-C whatever this one has made of
                // it
                "setsid",
                "env",
                "--default-signal=INT,HUP", // even if the kit itself was started with nohup
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-cp",
                RepositoryFiles.programClassPath(),
                "dev.warren.cli.WarrenMain",
                "worker",
                "--broker",
                uri));
    if (!options.contains("--app")) {
      command.addAll(List.of("--app", WorkJar.path().toString()));
    }
    command.addAll(options);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    builder.environment().put(Processes.MARK, mark);
    try {
      return new WorkerHost(name, builder.start(), log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  long pid() {
    return process.pid();
  }

  boolean alive() {
    return process.isAlive();
  }

  String log() {
    try {
      return Files.exists(log) ? Files.readString(log) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until it is ready; fails if it has ended instead. */
  void awaitServing() {
    await(name + " serves")
        .pollInSameThread()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              if (!alive()) {
                throw new AssertionError(
                    this + " ended with " + process.exitValue() + ": " + log());
              }
              return log().contains(" serves pool ");
            });
  }

  /** Its id, once it is ready. */
  String id() {
    String text = log();
    int at = text.indexOf("worker w-");
    if (at < 0) {
      throw new AssertionError(this + " has not said its id: " + text);
    }
    return text.substring(at + "worker ".length(), text.indexOf(' ', at + "worker ".length()));
  }

  /** Its present children. */
  List<ProcessHandle> children() {
    return Processes.children(process.toHandle());
  }

  /** Whether one of its present children has begun a call of the scenario with this folder. */
  boolean hasBegun(Path scenario) {
    return children().stream()
        .anyMatch(child -> Files.exists(scenario.resolve("began-" + child.pid())));
  }

  /** Whether the process is one of its children. */
  boolean hasChild(long pid) {
    return children().stream().anyMatch(child -> child.pid() == pid);
  }

  /** SIGKILL, as in a power failure. */
  void kill() throws InterruptedException {
    broken = true;
    process.destroyForcibly();
    process.waitFor(10, TimeUnit.SECONDS);
  }

  /** Records that a call may kill it. */
  void mayDie() {
    broken = true;
  }

  /** SIGTERM: it drains. */
  void terminate() {
    process.destroy();
  }

  /** SIGSTOP, SIGCONT or another signal. */
  void signal(String signal) {
    Processes.signal(process.pid(), signal);
  }

  /** SIGINT to its whole process group, as by Ctrl-C in a terminal. */
  void interruptGroup() {
    Processes.signal(-process.pid(), "INT");
  }

  /** Waits for its end; returns its exit code. */
  int awaitExit(Duration limit) throws InterruptedException {
    if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError(this + " did not end within " + limit + ": " + log());
    }
    return process.exitValue();
  }

  /** Whether it was killed, so that its exit code has no meaning. */
  boolean broken() {
    return broken;
  }

  /** Kills it in any state, to clean up after a failure. */
  void destroy() {
    process.destroyForcibly();
  }

  @Override
  public String toString() {
    return "worker " + name + " (pid " + process.pid() + ", log " + log + ")";
  }
}

package dev.warren.chaos;

import dev.warren.testkit.WarrenProgram;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A {@code warren map --job} as a separate process, from the jars of this build: a coordinator of a
 * durable job. Confined to the scenario's thread.
 */
final class JobCoordinator {
  private final Process process;
  private final Path log;
  private final Path output;
  private boolean killed;

  private JobCoordinator(Process process, Path log, Path output) {
    this.process = process;
    this.log = log;
    this.output = output;
  }

  /**
   * Starts a coordinator.
   *
   * @param name of its log
   * @param output the file that it writes
   * @param arguments those of {@code warren}, without the output
   */
  static JobCoordinator start(Stage stage, String name, Path output, List<String> arguments)
      throws IOException {
    Path log = stage.folder().resolve(name + ".log");
    // even if the kit itself was started with nohup
    List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT,HUP"));
    command.addAll(WarrenProgram.command(arguments.toArray(String[]::new)));
    command.addAll(List.of("--output", output.toString()));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(stage.folder().toFile())
            .redirectInput(Redirect.from(new File("/dev/null")))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put(Processes.MARK, stage.mark());
    return new JobCoordinator(builder.start(), log, output);
  }

  boolean alive() {
    return process.isAlive();
  }

  /** Whether it has exited by itself and saw the job succeed. */
  boolean succeeded() {
    return !process.isAlive() && process.exitValue() == 0;
  }

  /** The file that it writes. */
  Path output() {
    return output;
  }

  /** Its log so far. */
  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** SIGKILL; in any state, also frozen. */
  void kill() throws InterruptedException {
    killed |= process.isAlive();
    process.destroyForcibly();
    process.waitFor(10, TimeUnit.SECONDS);
  }

  /** Whether it was alive when it was killed. */
  boolean killed() {
    return killed;
  }

  /** SIGSTOP, SIGCONT or another signal. */
  void signal(String signal) {
    Processes.signal(process.pid(), signal);
  }

  /** Waits for it to exit by itself; returns its exit code. */
  int awaitExit(Duration limit) throws InterruptedException {
    if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError(
          "the job's coordinator is still running after " + limit + ": " + log());
    }
    return process.exitValue();
  }
}

package dev.warren.cli;

import dev.warren.testkit.WarrenProgram;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The real program as a separate process, from the jars of this build. */
public final class WarrenProcess implements AutoCloseable {
  private static final long LIMIT_SECONDS = 240;

  private final Process process;
  private final Path out;
  private final Path err;

  private WarrenProcess(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /** The result of a run. */
  public record Result(int exit, String out, List<String> err) {}

  /** Starts it; an empty {@code input} is an empty standard input. */
  public static WarrenProcess start(
      Path folder, String input, Map<String, String> environment, String... args)
      throws IOException {
    return start(folder, input, environment, true, args);
  }

  /** Starts it with a pipe as standard error that is not read. */
  static WarrenProcess startUnread(Path folder, Map<String, String> environment, String... args)
      throws IOException {
    return start(folder, "", environment, false, args);
  }

  private static WarrenProcess start(
      Path folder, String input, Map<String, String> environment, boolean read, String... args)
      throws IOException {
    Path in = Files.writeString(Files.createTempFile(folder, "in", ".txt"), input);
    Path out = Files.createTempFile(folder, "out", ".txt");
    Path err = Files.createTempFile(folder, "err", ".txt");
    List<String> command = new ArrayList<>();
    // a shell ignores SIGINT in its background processes, which their descendants would inherit
    command.addAll(List.of("env", "--default-signal=INT,HUP"));
    command.addAll(WarrenProgram.command(args));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile())
            .redirectError(read ? Redirect.to(err.toFile()) : Redirect.PIPE);
    builder.environment().putAll(environment);
    return new WarrenProcess(builder.start(), out, err);
  }

  /** Runs it until it ends. */
  public static Result run(Path folder, String input, String... args)
      throws IOException, InterruptedException {
    try (WarrenProcess started = start(folder, input, Map.of(), args)) {
      return started.await();
    }
  }

  public Result await() throws IOException, InterruptedException {
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("still running: " + process.info() + "\n" + Files.readString(err));
    }
    return new Result(process.exitValue(), out(), Files.readAllLines(err));
  }

  /** Its standard output so far. */
  public String out() throws IOException {
    return Files.readString(out);
  }

  /** Its standard error so far. */
  public String err() throws IOException {
    return Files.readString(err);
  }

  public boolean hasEnded() {
    return !process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  /** Sends it a signal by name. */
  public void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}

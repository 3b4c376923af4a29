package dev.warren.worker.supervise.process;

import dev.warren.worker.config.ChildOutput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A child that is a process of the system. Thread-safe. */
public final class OsChildProcess implements ChildProcess {
  private final Process process;
  private final ProcessTree tree;
  private final OutputCapture output;
  private final CompletableFuture<Integer> exit;

  // written before the exit completes, read after
  private volatile CrashReport crash = CrashReport.NONE;

  private OsChildProcess(
      Process process,
      ProcessTree tree,
      OutputCapture output,
      @Nullable Path errorFile,
      Runnable afterExit) {
    this.process = process;
    this.tree = tree;
    this.output = output;
    this.exit = process.onExit().thenApply(ended -> ended(ended, errorFile, afterExit));
  }

  /**
   * Starts the process; blocks for some milliseconds.
   *
   * @param errorFile the file for its JVM's crash report; null if it has none
   * @param printed receives what it prints
   * @param afterExit called once the process has ended, before {@link #exit} completes
   */
  public static OsChildProcess start(
      String child,
      ProcessBuilder builder,
      @Nullable Path errorFile,
      ProcessTree tree,
      ChildOutput printed,
      Runnable afterExit)
      throws IOException {
    Process process = started(builder);
    OomScore.raise(process.pid());
    OutputCapture output = new OutputCapture(child, process.pid(), printed);
    output.start(process.getInputStream(), process.getErrorStream());
    return new OsChildProcess(process, tree, output, errorFile, afterExit);
  }

  private static Process started(ProcessBuilder builder) throws IOException {
    try {
      return builder.start();
    } catch (IOException e) {
      throw new IOException(Programs.cannotStart(builder, e), e);
    }
  }

  /** Runs on a JVM thread, so that the loop need not read the file. */
  private int ended(Process ended, @Nullable Path errorFile, Runnable afterExit) {
    if (errorFile != null && ended.exitValue() != 0) {
      crash = CrashReport.take(errorFile);
    }
    afterExit.run();
    return ended.exitValue();
  }

  @Override
  public CrashReport crash() {
    return crash;
  }

  @Override
  public long pid() {
    return process.pid();
  }

  @Override
  public void kill() {
    tree.kill(process.toHandle());
  }

  @Override
  public CompletableFuture<Integer> exit() {
    return exit;
  }

  @Override
  public OutputCapture output() {
    return output;
  }
}

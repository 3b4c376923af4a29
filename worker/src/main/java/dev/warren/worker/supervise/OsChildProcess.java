package dev.warren.worker.supervise;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** A child that is a process of the system. Thread-safe. */
final class OsChildProcess implements ChildProcess {
  private final Process process;
  private final ProcessTree tree;
  private final OutputCapture output;
  private final CompletableFuture<Integer> exit;

  private OsChildProcess(Process process, ProcessTree tree, OutputCapture output) {
    this.process = process;
    this.tree = tree;
    this.output = output;
    this.exit = process.onExit().thenApply(Process::exitValue);
  }

  /** Starts the process; blocks for some milliseconds. */
  static OsChildProcess start(String child, ProcessBuilder builder, ProcessTree tree)
      throws IOException {
    Process process = builder.start();
    OutputCapture output = new OutputCapture(child);
    output.start(process.getInputStream(), process.getErrorStream());
    return new OsChildProcess(process, tree, output);
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

package dev.warren.worker.supervise.process;

import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.NamedThreads;
import dev.warren.worker.child.ChildMain;
import dev.warren.worker.config.ChildOutput;
import dev.warren.worker.link.LinkException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;

/**
 * A child that is a thread of this process, with the same link as any other. Killing it only
 * interrupts it and closes its link. Thread-safe.
 */
public final class ThreadChildProcess implements ChildProcess {
  private static final Logger log = Logs.of(ThreadChildProcess.class);

  private final CompletableFuture<Integer> exit = new CompletableFuture<>();
  private final OutputCapture output;
  private final Thread thread;

  private ThreadChildProcess(String child, Path socket, String token) {
    this.output = new OutputCapture(child, 0, ChildOutput.LOG);
    this.thread = NamedThreads.unstarted("child-thread", () -> run(socket, token));
  }

  public static ThreadChildProcess start(String child, Path socket, String token) {
    ThreadChildProcess process = new ThreadChildProcess(child, socket, token);
    process.output.errorsEnded().complete(null);
    process.thread.start();
    return process;
  }

  private void run(Path socket, String token) {
    int code = 1;
    try {
      ChildMain.serve(socket, token);
      code = 0;
    } catch (IOException | LinkException e) {
      log.debug("child thread ended: {}", e.getMessage());
    } finally {
      exit.complete(code);
    }
  }

  @Override
  public long pid() {
    return 0;
  }

  @Override
  public void kill() {
    thread.interrupt();
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

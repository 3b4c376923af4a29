package dev.warren.testkit;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * An executor without a thread: runs tasks on the caller's, at once or, while it holds them, when
 * {@link #release} is called.
 */
public final class DirectExecutor extends AbstractExecutorService {
  private final Queue<Runnable> held = new ArrayDeque<>();
  private boolean holding;
  private boolean shutdown;

  /** Keeps tasks from now on until {@link #release}. */
  public void hold() {
    holding = true;
  }

  /** Runs what was kept, and what comes from now on. */
  public void release() {
    holding = false;
    for (Runnable task = held.poll(); task != null; task = held.poll()) {
      task.run();
    }
  }

  @Override
  public void execute(Runnable task) {
    if (shutdown) {
      throw new RejectedExecutionException("shut down");
    }
    if (holding) {
      held.add(task);
    } else {
      task.run();
    }
  }

  @Override
  public void shutdown() {
    shutdown = true;
  }

  @Override
  public List<Runnable> shutdownNow() {
    shutdown = true;
    return List.copyOf(held);
  }

  @Override
  public boolean isShutdown() {
    return shutdown;
  }

  @Override
  public boolean isTerminated() {
    return shutdown;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return true;
  }
}

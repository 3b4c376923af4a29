package dev.warren.pool.engine.threads;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.NamedThreads;
import dev.warren.lifecycle.TimeSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Runs the callbacks of one pool, one at a time and in order, on its own thread or on the user's
 * executor. Thread-safe. Every callback is run; exceptions are logged. If the user's executor
 * rejects, the pool's own thread takes over.
 */
public final class Callbacks {
  private static final Logger log = Logs.of(Callbacks.class);

  private final ExecutorService own = NamedThreads.single("pool-callbacks");
  private final @Nullable Executor users;

  @GuardedBy("this")
  private final Deque<Runnable> queue = new ArrayDeque<>();

  @GuardedBy("this")
  private boolean running;

  @GuardedBy("this")
  private boolean closing;

  // volatile: set by the thread that runs a callback, read by any
  private volatile @Nullable Thread thread;

  public Callbacks(@Nullable Executor users) {
    this.users = users;
  }

  /** Runs the callback after all earlier ones, never on the calling thread. */
  public void execute(Runnable callback) {
    synchronized (this) {
      queue.add(callback);
      if (running) {
        return;
      }
      running = true;
    }
    try {
      own.execute(this::dispatch);
    } catch (RuntimeException | Error e) {
      synchronized (this) {
        running = false;
        queue.removeLastOccurrence(callback);
      }
      throw e;
    }
  }

  /** Whether the calling thread is running a callback of this pool. */
  public boolean inside() {
    return thread == Thread.currentThread();
  }

  private void dispatch() {
    Executor executor = users;
    if (executor == null) {
      runAll();
      return;
    }
    try {
      executor.execute(this::runAll);
    } catch (Throwable e) {
      log.warn(
          "the callback executor rejects tasks; running the callbacks on the pool's thread", e);
      runAll();
    }
  }

  private void runAll() {
    for (Runnable next = take(); next != null; next = take()) {
      thread = Thread.currentThread();
      try {
        next.run();
      } catch (Throwable e) {
        log.error("a callback failed; its result and all others are not affected", e);
      } finally {
        thread = null;
      }
    }
  }

  private synchronized @Nullable Runnable take() {
    Runnable next = queue.poll();
    if (next == null) {
      running = false;
      notifyAll();
      if (closing) {
        own.shutdown();
      }
    }
    return next;
  }

  /** Waits up to {@code nanos} until no callback is running or queued; returns false on timeout. */
  public synchronized boolean awaitIdle(long nanos, TimeSource time) throws InterruptedException {
    long start = time.nanos();
    while (running) {
      long left = nanos - (time.nanos() - start);
      if (left <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, Math.max(left, 1_000_000));
    }
    return true;
  }

  /** Ends the thread once all queued callbacks have run. */
  public synchronized void closeWhenIdle() {
    closing = true;
    if (!running) {
      own.shutdown();
    }
  }
}

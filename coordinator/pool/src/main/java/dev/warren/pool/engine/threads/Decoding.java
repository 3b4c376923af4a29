package dev.warren.pool.engine.threads;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.lifecycle.Logs;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Runs actions that may execute user code while outcomes are decoded (deserializers, constructors
 * of exceptions): one at a time and in order, on a thread of {@code executor}. For independent
 * actions, {@link #passStuck} lets the others overtake one that does not return. Thread-safe. An
 * exception is logged, and the next action runs.
 */
public final class Decoding {
  private static final Logger log = Logs.of(Decoding.class);

  private final Executor executor;

  @GuardedBy("this")
  private final Deque<Runnable> queue = new ArrayDeque<>();

  // the turn that may take from the queue; null while idle
  @GuardedBy("this")
  private @Nullable Turn current;

  public Decoding(Executor executor) {
    this.executor = executor;
  }

  /** Runs the action after all earlier ones. */
  public void execute(Runnable action) {
    Turn next;
    synchronized (this) {
      queue.add(action);
      if (current != null) {
        return;
      }
      next = new Turn();
      current = next;
    }
    start(next, action);
  }

  /**
   * Starts a turn. If no thread can be created, the action is removed again and the caller gets the
   * exception.
   */
  private void start(Turn turn, Runnable action) {
    try {
      executor.execute(turn);
    } catch (RuntimeException | Error e) {
      synchronized (this) {
        if (current == turn) {
          current = null;
          queue.removeLastOccurrence(action);
        }
      }
      throw e;
    }
  }

  /** Whether nothing is running or queued. */
  public synchronized boolean isIdle() {
    return current == null;
  }

  /**
   * Lets another thread continue with the queue if the same action was already running at the
   * previous call of this method. Only for independent actions.
   */
  public void passStuck() {
    Turn next;
    synchronized (this) {
      Turn now = current;
      if (now == null || queue.isEmpty() || !now.isStuck()) {
        return;
      }
      next = new Turn();
      current = next;
    }
    log.warn(
        "decoding a result or rebuilding an exception does not return; the results behind it"
            + " are decoded without waiting for it");
    executor.execute(next);
  }

  private synchronized @Nullable Runnable take(Turn turn) {
    if (current != turn) {
      return null;
    }
    Runnable next = queue.poll();
    if (next == null) {
      current = null;
    }
    return next;
  }

  /** Runs actions until the queue is empty or another turn has replaced this one. */
  private final class Turn implements Runnable {
    private final AtomicLong done = new AtomicLong();
    private long doneBefore = -1;

    @Override
    public void run() {
      for (Runnable next = take(this); next != null; next = take(this)) {
        try {
          next.run();
        } catch (Throwable e) {
          log.error("an action of the pool failed; later ones still run", e);
        }
        done.incrementAndGet();
      }
    }

    /** Whether nothing has been done since the previous call; called on one thread. */
    boolean isStuck() {
      long now = done.get();
      boolean stuck = now == doneBefore;
      doneBefore = now;
      return stuck;
    }
  }
}

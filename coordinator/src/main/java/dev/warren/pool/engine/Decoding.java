package dev.warren.pool.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.lifecycle.Logs;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Runs what may run user code while outcomes are decoded (deserialisers, constructors of
 * exceptions): one action at a time, in the order given, on a thread of {@code executor}. Where
 * actions do not depend on one another, {@link #passStuck} lets the others overtake one that does
 * not return. Thread-safe; an action that throws is logged, and the next one runs.
 */
public final class Decoding {
  private static final Logger log = Logs.of(Decoding.class);

  private final Executor executor;

  @GuardedBy("this")
  private final Deque<Runnable> queue = new ArrayDeque<>();

  // the one that may take from the queue; null while there is nothing to do
  @GuardedBy("this")
  private @Nullable Turn current;

  Decoding(Executor executor) {
    this.executor = executor;
  }

  /** Runs this after all that was given before. */
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

  /** Where no thread can be had, the action has not been given, and whoever gave it is told. */
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

  /** Whether nothing is running or waiting. */
  public synchronized boolean isIdle() {
    return current == null;
  }

  /**
   * Has another thread go on with what waits if the same action was running at the last call of
   * this, too. Only where actions are independent.
   */
  void passStuck() {
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
        "decoding a result or rebuilding an exception does not return; the results behind it go on"
            + " without it");
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

  /** Takes actions until there are none, or until another turn has replaced it. */
  private final class Turn implements Runnable {
    private final AtomicLong done = new AtomicLong();
    private long doneBefore = -1;

    @Override
    public void run() {
      for (Runnable next = take(this); next != null; next = take(this)) {
        try {
          next.run();
        } catch (Throwable e) {
          log.error("an action of the pool failed; the next ones go on", e);
        }
        done.incrementAndGet();
      }
    }

    /** Whether it has done nothing since this was last asked; asked on one thread. */
    boolean isStuck() {
      long now = done.get();
      boolean stuck = now == doneBefore;
      doneBefore = now;
      return stuck;
    }
  }
}

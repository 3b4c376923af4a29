package dev.warren.pool.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.lifecycle.TimeSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Counts open jobs and lets threads wait until there are none. Thread-safe. */
final class JobCounter {
  private final AtomicLong jobs = new AtomicLong();
  private final Runnable whenNone;

  @GuardedBy("this")
  private int waiting;

  /**
   * Creates a counter at zero.
   *
   * @param whenNone run each time the count falls to 0, on the thread that ended the last job
   */
  JobCounter(Runnable whenNone) {
    this.whenNone = whenNone;
  }

  void begin() {
    jobs.incrementAndGet();
  }

  void end() {
    if (jobs.decrementAndGet() == 0) {
      synchronized (this) {
        if (waiting > 0) {
          notifyAll();
        }
      }
      whenNone.run();
    }
  }

  long count() {
    return jobs.get();
  }

  /** Waits up to {@code nanos} until no job is open; returns false on timeout. */
  synchronized boolean awaitNone(long nanos, TimeSource time) throws InterruptedException {
    long start = time.nanos();
    waiting++;
    try {
      while (jobs.get() != 0) {
        long left = nanos - (time.nanos() - start);
        if (left <= 0) {
          return false;
        }
        TimeUnit.NANOSECONDS.timedWait(this, Math.max(left, 1_000_000));
      }
      return true;
    } finally {
      waiting--;
    }
  }
}

package dev.warren.pool.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.lifecycle.TimeSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The open jobs of a pool: counts them and lets threads wait until there are none. A call that is
 * submitted by itself is counted as a job, but not kept. Thread-safe.
 */
final class OpenJobs {
  private final AtomicLong count = new AtomicLong();
  private final Set<ActiveJob> jobs = ConcurrentHashMap.newKeySet();
  private final Runnable whenNone;

  @GuardedBy("this")
  private int waiting;

  /**
   * Creates an instance without jobs.
   *
   * @param whenNone run each time the count falls to 0, on the thread that ended the last job
   */
  OpenJobs(Runnable whenNone) {
    this.whenNone = whenNone;
  }

  /** A single call, or a job that is to be added, begins. */
  void begin() {
    count.incrementAndGet();
  }

  /** Adds a job that has begun. */
  void add(ActiveJob job) {
    jobs.add(job);
  }

  /** Removes and ends a job; does nothing if it had already ended. */
  void end(ActiveJob job) {
    if (jobs.remove(job)) {
      end();
    }
  }

  /** A single call, or a job that was not added, has ended. */
  void end() {
    if (count.decrementAndGet() == 0) {
      synchronized (this) {
        if (waiting > 0) {
          notifyAll();
        }
      }
      whenNone.run();
    }
  }

  /** Number of open jobs and single calls. */
  long count() {
    return count.get();
  }

  /** Runs the action for each open job, except single calls. */
  void forEach(Consumer<ActiveJob> action) {
    jobs.forEach(action);
  }

  /** Whether there are no single calls, and the condition is true for all jobs. */
  boolean allAre(Predicate<ActiveJob> condition) {
    return count.get() == jobs.size() && jobs.stream().allMatch(condition);
  }

  /** Waits up to {@code nanos} until no job is open; returns false on timeout. */
  synchronized boolean awaitNone(long nanos, TimeSource time) throws InterruptedException {
    long start = time.nanos();
    waiting++;
    try {
      while (count.get() != 0) {
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

package dev.warren.jobs.run;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.TimeUnit;

/**
 * Wakes the thread of a job, or tells it to give the job up; signals given before it waits are not
 * lost. Thread-safe.
 */
final class JobSignal {
  @GuardedBy("this")
  private boolean given;

  // volatile: set by any thread, never reset
  private volatile boolean stopped;

  synchronized void give() {
    if (!given) {
      given = true;
      notifyAll();
    }
  }

  /** Tells the thread to give the job up, and wakes it. Does not wait. */
  void stop() {
    stopped = true;
    give();
  }

  boolean isStopped() {
    return stopped;
  }

  /** Waits for a signal, at most {@code millis}. */
  synchronized void await(long millis) throws InterruptedException {
    if (!given) {
      TimeUnit.MILLISECONDS.timedWait(this, millis);
    }
    given = false;
  }
}

package dev.warren.jobs.run;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.TimeUnit;

/** Wakes the thread of a job; signals given before it waits are not lost. Thread-safe. */
final class JobSignal {
  @GuardedBy("this")
  private boolean given;

  synchronized void give() {
    if (!given) {
      given = true;
      notifyAll();
    }
  }

  /** Waits for a signal, at most {@code millis}. */
  synchronized void await(long millis) throws InterruptedException {
    if (!given) {
      TimeUnit.MILLISECONDS.timedWait(this, millis);
    }
    given = false;
  }
}

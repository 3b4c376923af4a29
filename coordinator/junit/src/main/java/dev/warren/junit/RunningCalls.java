package dev.warren.junit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.lifecycle.TimeSource;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Which child has most recently reported a running call. Thread-safe. */
final class RunningCalls {
  @GuardedBy("this")
  private long pid;

  /** A call has been running for some milliseconds in this child. */
  synchronized void running(long child) {
    pid = child;
    notifyAll();
  }

  /** This child is gone, or about to leave. */
  synchronized void gone(long child) {
    if (pid == child) {
      pid = 0;
    }
  }

  /**
   * Returns the child and forgets it.
   *
   * @throws AssertionError if there is none within this time
   */
  synchronized long await(Duration limit) throws InterruptedException {
    long end = TimeSource.SYSTEM.nanos() + limit.toNanos();
    long left = limit.toNanos();
    while (pid == 0 && left > 0) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
      left = end - TimeSource.SYSTEM.nanos();
    }
    if (pid == 0) {
      throw new AssertionError(
          "no call of this pool has been running for some milliseconds, within "
              + limit.toSeconds()
              + " s: submit one that takes longer before the fault");
    }
    long found = pid;
    pid = 0;
    return found;
  }
}

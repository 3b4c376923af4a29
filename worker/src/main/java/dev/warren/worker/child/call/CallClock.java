package dev.warren.worker.child.call;

import dev.warren.lifecycle.TimeSource;

/**
 * Reads the time at the end of calls. A clock reading costs a quarter of a no-op call, so up to
 * {@value #SHARED_BY} calls that take less than {@value #SHORT_NANOS} ns each share one. Confined
 * to the runner.
 */
public final class CallClock {
  static final int SHARED_BY = 8;
  static final long SHORT_NANOS = 1000;

  private final TimeSource time;
  private long last;
  // calls that have ended since the last reading, and the number after which the clock is read
  // again
  private int calls;
  private int sharedBy = 1;

  public CallClock(TimeSource time) {
    this.time = time;
  }

  /** Reads the time now. */
  public long read() {
    last = time.nanos();
    calls = 0;
    return last;
  }

  /** The time at the end of a call, or at the end of a short call just before it. */
  public long atEnd() {
    calls++;
    if (calls < sharedBy) {
      return last;
    }
    long before = last;
    int ended = calls;
    long now = read();
    sharedBy = now - before < SHORT_NANOS * ended ? SHARED_BY : 1;
    return now;
  }
}

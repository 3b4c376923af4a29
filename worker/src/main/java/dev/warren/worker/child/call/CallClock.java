package dev.warren.worker.child.call;

import dev.warren.lifecycle.TimeSource;

/**
 * Tells the time at the ends of calls. To read the clock costs a quarter of what a call that does
 * nothing costs in all; calls that take less than {@value #SHORT_NANOS} ns each share a reading by
 * {@value #SHARED_BY}. Confined to the runner.
 */
public final class CallClock {
  static final int SHARED_BY = 8;
  static final long SHORT_NANOS = 1000;

  private final TimeSource time;
  private long last;
  // calls that have ended since, and how many are to before the next reading
  private int calls;
  private int sharedBy = 1;

  public CallClock(TimeSource time) {
    this.time = time;
  }

  /** The time now. */
  public long read() {
    last = time.nanos();
    calls = 0;
    return last;
  }

  /** The time now, at the end of a call, or at that of one shortly before it. */
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

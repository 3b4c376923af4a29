package dev.warren.worker.history;

import dev.warren.lifecycle.TimeSource;

/**
 * The same moment on two clocks. Immutable.
 *
 * @param nanos monotonic
 * @param millis wall clock
 */
record Now(long nanos, long millis) {
  private static final int TRIES = 5;

  /** Maximum time between the readings of the clocks, unless the thread is always interrupted. */
  private static final long CLOSE_NANOS = 100_000;

  /** Reads both clocks; the thread may be suspended in between, so the closest readings count. */
  static Now of(TimeSource time) {
    Now best = new Now(0, 0);
    long closest = Long.MAX_VALUE;
    for (int i = 0; i < TRIES && closest > CLOSE_NANOS; i++) {
      long before = time.nanos();
      long millis = time.epochMillis();
      long gap = time.nanos() - before;
      if (gap < closest) {
        closest = gap;
        best = new Now(before, millis);
      }
    }
    return best;
  }

  /** The wall clock at another moment. */
  long millisAt(long otherNanos) {
    return Math.max(0, millis - (nanos - otherNanos) / 1_000_000);
  }
}

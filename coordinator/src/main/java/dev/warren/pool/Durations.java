package dev.warren.pool;

import java.time.Duration;

/** Small things that all waiting has in common. */
final class Durations {
  private Durations() {}

  /** In nanoseconds; what is too long for them is for ever. */
  static long nanos(Duration duration) {
    try {
      return duration.toNanos();
    } catch (ArithmeticException tooLong) {
      return duration.isNegative() ? 0 : Long.MAX_VALUE;
    }
  }

  /** The exception for an interrupt while doing {@code what}; sets the flag again. */
  static PoolInterruptedException interrupted(String what, InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new PoolInterruptedException("interrupted while " + what, cause);
  }
}

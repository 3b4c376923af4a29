package dev.warren.pool;

import java.time.Duration;

/** Helper methods for blocking calls. Stateless. */
final class Durations {
  private Durations() {}

  /**
   * Converts to nanoseconds; a duration that overflows becomes {@link Long#MAX_VALUE}, which means
   * no limit.
   */
  static long nanos(Duration duration) {
    try {
      return duration.toNanos();
    } catch (ArithmeticException tooLong) {
      return duration.isNegative() ? 0 : Long.MAX_VALUE;
    }
  }

  /** Creates the exception for an interrupt while {@code what}; sets the interrupt flag again. */
  static PoolInterruptedException interrupted(String what, InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new PoolInterruptedException("interrupted while " + what, cause);
  }
}

package dev.warren.lifecycle;

import java.util.concurrent.TimeUnit;

/** The clocks, replaceable in tests. Thread-safe. */
public interface TimeSource {
  /** The machine's clocks. */
  TimeSource SYSTEM =
      new TimeSource() {
        private final long startMillis = System.currentTimeMillis();
        private final long startNanos = System.nanoTime();

        @Override
        public long steadyMillis() {
          return startMillis + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
        }

        @Override
        public long nanos() {
          return System.nanoTime();
        }

        @Override
        public long epochMillis() {
          return System.currentTimeMillis();
        }
      };

  /** Monotonic nanoseconds, for measuring; only differences are meaningful. */
  long nanos();

  /**
   * Wall-clock milliseconds since the epoch, for display. No decision depends on it, because it may
   * jump and differs between hosts.
   */
  long epochMillis();

  /**
   * Milliseconds since the epoch by a clock that never jumps: the wall clock at this process's
   * start plus the monotonic time since. Sent to other hosts, which compute the offset of their own
   * clock from it.
   */
  default long steadyMillis() {
    return epochMillis();
  }
}

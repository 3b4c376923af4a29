package dev.warren.lifecycle;

import java.util.concurrent.TimeUnit;

/** The clocks, so that tests can move time by hand. Thread-safe. */
public interface TimeSource {
  /** The machine's own clocks. */
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

  /** Monotonic nanoseconds, to measure with; only differences mean something. */
  long nanos();

  /** Wall clock, to show; nothing is decided by it, since it may step and others differ from it. */
  long epochMillis();

  /**
   * Milliseconds since the epoch by a clock that never steps: the wall clock as it was when this
   * process started, and what has passed since. To send to others, who see from what comes at once
   * how far it is from theirs.
   */
  default long steadyMillis() {
    return epochMillis();
  }
}

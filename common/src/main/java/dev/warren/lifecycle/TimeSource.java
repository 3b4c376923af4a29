package dev.warren.lifecycle;

/** The two clocks, so that tests can move time by hand. Thread-safe. */
public interface TimeSource {
  /** The machine's own clocks. */
  TimeSource SYSTEM =
      new TimeSource() {
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

  /** Wall clock, to show and to compare with other hosts. */
  long epochMillis();
}

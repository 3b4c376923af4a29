package dev.warren.testkit;

import dev.warren.lifecycle.TimeSource;
import java.time.Duration;

/** Clocks that a test sets: all together, or the wall clock alone. Thread-safe. */
public final class ManualTime implements TimeSource {
  private static final long START_MILLIS = 1_800_000_000_000L;

  private long nanos = 1_000_000_000L; // guarded by this
  private long wallStepMillis; // guarded by this

  /** Advances all clocks by this time. */
  public synchronized void pass(Duration time) {
    nanos += time.toNanos();
  }

  /** Moves the wall clock forward or back, as an administrator or NTP does. */
  public synchronized void step(Duration by) {
    wallStepMillis += by.toMillis();
  }

  @Override
  public synchronized long nanos() {
    return nanos;
  }

  @Override
  public synchronized long epochMillis() {
    return steadyMillis() + wallStepMillis;
  }

  @Override
  public synchronized long steadyMillis() {
    return START_MILLIS + nanos / 1_000_000;
  }
}

package dev.warren.lifecycle;

import java.time.Duration;

/**
 * Allows one log line per interval and counts the suppressed ones, so that messages from outside
 * cannot flood the log. Not thread-safe; time is an argument, in nanoseconds.
 */
public final class LogThrottle {
  private final long interval;
  private boolean began;
  private long last;
  private long held;

  public LogThrottle(Duration interval) {
    this.interval = interval.toNanos();
  }

  /** Whether a line may be written now; otherwise it is counted as suppressed. */
  public boolean allows(long now) {
    if (began && now - last < interval) {
      held++;
      return false;
    }
    began = true;
    last = now;
    return true;
  }

  /**
   * A suffix for an allowed line that states how many lines were suppressed before it; empty if
   * none.
   */
  public String heldBack() {
    long count = held;
    held = 0;
    return count == 0 ? "" : " (and " + count + " more like it)";
  }
}

package dev.warren.lifecycle;

import java.time.Duration;

/**
 * Lets one of many like log lines through per interval and counts the others: what anybody may send
 * must not fill a log. Not thread-safe; time is an argument, in nanoseconds.
 */
public final class LogThrottle {
  private final long interval;
  private boolean began;
  private long last;
  private long held;

  public LogThrottle(Duration interval) {
    this.interval = interval.toNanos();
  }

  /** Whether a line may be written now; one that may not is counted. */
  public boolean allows(long now) {
    if (began && now - last < interval) {
      held++;
      return false;
    }
    began = true;
    last = now;
    return true;
  }

  /** For a line that may be written: how many were held back since the one before, as a text. */
  public String heldBack() {
    long count = held;
    held = 0;
    return count == 0 ? "" : " (and " + count + " more like it)";
  }
}

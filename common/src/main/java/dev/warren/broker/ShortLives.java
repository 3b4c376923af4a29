package dev.warren.broker;

import java.time.Duration;

/**
 * How often in a row something that keeps being started (a connection, a consumer) has ended right
 * after its start, and how long to wait before the next start because of that. A start that
 * succeeds says nothing: only one that lasts resets the wait. Time is an argument, in nanoseconds
 * of the monotonic clock. Not thread-safe.
 */
final class ShortLives {
  /** What ends sooner did not last. */
  static final Duration LASTING = Duration.ofSeconds(1);

  private boolean started;
  private long startedNanos;
  private int inARow;

  /** It has started. */
  void began(long now) {
    started = true;
    startedNanos = now;
  }

  /**
   * It has ended, by itself or by the broker's doing.
   *
   * @return how long to wait before the next start: zero after one that lasted, then growing as
   *     {@link RabbitConnector#waitAfter} does
   */
  Duration ended(long now) {
    if (started) {
      inARow = now - startedNanos < LASTING.toNanos() ? inARow + 1 : 0;
      started = false;
    }
    return inARow == 0 ? Duration.ZERO : RabbitConnector.waitAfter(inARow);
  }
}

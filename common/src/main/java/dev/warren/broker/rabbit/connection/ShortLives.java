package dev.warren.broker.rabbit.connection;

import java.time.Duration;

/**
 * Back-off for something that is started again and again (a connection, a consumer) and ends right
 * after its start. A successful start alone does not reset the back-off; only one that lasts does.
 * Time is an argument, in nanoseconds of the monotonic clock. Not thread-safe.
 */
public final class ShortLives {
  /** What ends within this time counts as short-lived. */
  static final Duration LASTING = Duration.ofSeconds(1);

  private boolean started;
  private long startedNanos;
  private int inARow;

  /** Records a start. */
  public void began(long now) {
    started = true;
    startedNanos = now;
  }

  /**
   * Records an end, of whatever cause.
   *
   * @return how long to wait before the next start: zero after a start that lasted, then growing as
   *     {@link RabbitConnector#waitAfter} does
   */
  public Duration ended(long now) {
    if (started) {
      inARow = now - startedNanos < LASTING.toNanos() ? inARow + 1 : 0;
      started = false;
    }
    return inARow == 0 ? Duration.ZERO : RabbitConnector.waitAfter(inARow);
  }
}

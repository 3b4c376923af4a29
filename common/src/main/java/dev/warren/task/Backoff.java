package dev.warren.task;

import java.time.Duration;

/**
 * The wait of a failed call before its next attempt. Immutable.
 *
 * <p>Attempt 2 waits {@code initial}; each later attempt waits {@code factor} times as long as the
 * previous one, never longer than {@code max}. Each wait is then spread randomly by ±{@code jitter}
 * of itself.
 *
 * @param initial wait before the second attempt; zero or more
 * @param factor growth per attempt; 1 (a fixed wait) to 10
 * @param max upper bound; at least {@code initial}, at most {@link #LONGEST}
 * @param jitter random share of the wait, 0 to 1
 */
public record Backoff(Duration initial, double factor, Duration max, double jitter) {
  /** Maximum of {@code max}. */
  public static final Duration LONGEST = Duration.ofHours(24);

  /** No wait. */
  public static final Backoff NONE = fixed(Duration.ZERO);

  public Backoff {
    Bounds.check("backoff initial", initial, Duration.ZERO, LONGEST);
    Bounds.check("backoff max", max, initial, LONGEST);
    if (!(factor >= 1 && factor <= 10)) {
      throw new IllegalArgumentException("backoff factor is " + factor + "; must be 1 to 10");
    }
    if (!(jitter >= 0 && jitter <= 1)) {
      throw new IllegalArgumentException("backoff jitter is " + jitter + "; must be 0 to 1");
    }
  }

  /** The same wait before each attempt. */
  public static Backoff fixed(Duration wait) {
    return new Backoff(wait, 1, wait, 0);
  }

  /** Doubles from {@code initial} up to {@code max}, with a jitter of 0.2. */
  public static Backoff exponential(Duration initial, Duration max) {
    return new Backoff(initial, 2, max, 0.2);
  }

  /** The same waits with another jitter, 0 to 1. */
  public Backoff withJitter(double share) {
    return new Backoff(initial, factor, max, share);
  }
}

package dev.warren.task;

import java.time.Duration;

/**
 * How long a failed call waits before its next attempt. Immutable.
 *
 * <p>Attempt 2 waits {@code initial}; each later one {@code factor} times as long as the one
 * before, never longer than {@code max}; each wait is then spread by ±{@code jitter} of itself.
 *
 * @param initial wait before the second attempt; zero or more
 * @param factor growth per attempt; 1 for a fixed wait, at most 10
 * @param max upper bound; at least {@code initial}, at most {@link #LONGEST}
 * @param jitter share of the wait that is random, 0 to 1
 */
public record Backoff(Duration initial, double factor, Duration max, double jitter) {
  /** No wait may be longer than this. */
  public static final Duration LONGEST = Duration.ofHours(24);

  /** At once. */
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

  /** Doubles from {@code initial} up to {@code max}, with a jitter of a fifth. */
  public static Backoff exponential(Duration initial, Duration max) {
    return new Backoff(initial, 2, max, 0.2);
  }

  /** The same waits, spread by ±{@code share} of themselves. */
  public Backoff withJitter(double share) {
    return new Backoff(initial, factor, max, share);
  }
}

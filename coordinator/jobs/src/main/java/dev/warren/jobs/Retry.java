package dev.warren.jobs;

import org.jspecify.annotations.Nullable;

/**
 * Which calls of an ended job are to run again. Immutable.
 *
 * @param cause only those with this cause, by its fingerprint; null for all without a value
 * @param max at most this many calls, the first ones; 1 tries one before the others
 */
public record Retry(@Nullable String cause, long max) {
  /** All calls without a value. */
  public static final Retry ALL = new Retry(null, Long.MAX_VALUE);

  /** All calls that failed with this cause. */
  public static Retry of(String cause) {
    return new Retry(cause, Long.MAX_VALUE);
  }

  /** Only the first of them. */
  public Retry canary() {
    return new Retry(cause, 1);
  }
}

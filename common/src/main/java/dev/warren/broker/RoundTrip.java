package dev.warren.broker;

import java.time.Duration;

/**
 * Estimates the round trip to the broker: the shortest time from a message to its confirm within
 * the last one to two {@linkplain #PERIOD_NANOS periods}. The shortest, so that a broker that
 * stalls, syncs its disk or has a backlog does not look distant. Written by one thread, read by
 * any.
 */
public final class RoundTrip {
  /** A route that has become longer is noticed within two of these periods. */
  static final long PERIOD_NANOS = 10_000_000_000L;

  /** Upper bound of a measurement. */
  static final Duration LONGEST = Duration.ofSeconds(1);

  private boolean any;
  private long periodStart;
  private long shortest;
  private long shortestBefore = Long.MAX_VALUE;
  // volatile: written by the publishing thread, read by any
  private volatile long nanos;

  /** Records a round trip that ended at {@code now}. */
  public void measured(long tookNanos, long now) {
    long took = Math.max(1, Math.min(LONGEST.toNanos(), tookNanos));
    if (!any || now - periodStart >= PERIOD_NANOS) {
      // after a long silence the previous minimum still counts against the first new figure
      shortestBefore = any ? shortest : Long.MAX_VALUE;
      shortest = took;
      periodStart = now;
      any = true;
    } else {
      shortest = Math.min(shortest, took);
    }
    nanos = Math.min(shortest, shortestBefore);
  }

  /** The present estimate; zero before the first measurement. Thread-safe. */
  public Duration get() {
    return Duration.ofNanos(nanos);
  }
}

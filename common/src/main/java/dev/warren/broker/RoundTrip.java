package dev.warren.broker;

import java.time.Duration;

/**
 * How long the way to the broker and back takes: the shortest time from a message to its confirm,
 * of the last one to two {@linkplain #PERIOD_NANOS periods}. The shortest, so that a broker that
 * stalls, syncs its disk or has a backlog does not look far away. Written by one thread, read by
 * all.
 */
final class RoundTrip {
  /** A route that has become longer is noticed after twice this. */
  static final long PERIOD_NANOS = 10_000_000_000L;

  /** Longer ones are taken for this. */
  static final Duration LONGEST = Duration.ofSeconds(1);

  private boolean any;
  private long periodStart;
  private long shortest;
  private long shortestBefore = Long.MAX_VALUE;
  // volatile: written by the publishing thread, read by all
  private volatile long nanos;

  /** Takes in a time that was measured at {@code now}. */
  void measured(long tookNanos, long now) {
    long took = Math.max(1, Math.min(LONGEST.toNanos(), tookNanos));
    if (!any || now - periodStart >= PERIOD_NANOS) {
      // what was measured before a long silence still counts against the first new figure
      shortestBefore = any ? shortest : Long.MAX_VALUE;
      shortest = took;
      periodStart = now;
      any = true;
    } else {
      shortest = Math.min(shortest, took);
    }
    nanos = Math.min(shortest, shortestBefore);
  }

  /** The present figure; zero before the first. Thread-safe. */
  Duration get() {
    return Duration.ofNanos(nanos);
  }
}

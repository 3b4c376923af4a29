package dev.warren.pool.engine;

import dev.warren.lifecycle.BoundedMap;

/**
 * Which attempt of a call counts, for the few that were taken from a lost host and are run again. A
 * host that only seemed dead may still answer for the old attempt: its value is as good as any, its
 * failure is not, since the new attempt may succeed. Confined to the thread that delivers results.
 */
final class Fences {
  /** Some 130,000 calls; the oldest are forgotten beyond, and anybody's word counts again. */
  static final long BYTES = 16 << 20;

  private final BoundedMap<Long, Integer> losses =
      BoundedMap.byAge(BYTES, (number, hostLosses) -> Long.BYTES + Integer.BYTES);

  boolean isEmpty() {
    return losses.isEmpty();
  }

  /** This call is run again, with so many losses behind it. */
  void moved(long number, int hostLosses) {
    Integer before = losses.get(number);
    if (before == null || before < hostLosses) {
      losses.put(number, hostLosses);
    }
  }

  boolean isFenced(long number) {
    return losses.containsKey(number);
  }

  /** Whether a failure from an attempt with so many losses behind it is out of date. */
  boolean isStale(long number, int hostLosses) {
    Integer known = losses.get(number);
    return known != null && hostLosses < known;
  }

  /** The call has ended. */
  void forget(long number) {
    losses.remove(number);
  }
}

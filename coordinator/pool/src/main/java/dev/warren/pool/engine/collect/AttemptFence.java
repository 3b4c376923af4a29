package dev.warren.pool.engine.collect;

import dev.warren.lifecycle.BoundedMap;

/**
 * Fences stale attempts of calls that were taken from a lost host and run again. A host that only
 * seemed dead may still answer for the old attempt: its value is as good as any, but its failure
 * must be ignored, because the new attempt may succeed. Confined to the thread that delivers
 * results.
 */
final class AttemptFence {
  /**
   * Room for about 130,000 calls; beyond that the oldest are forgotten, and any outcome counts
   * again.
   */
  static final long BYTES = 16 << 20;

  private final BoundedMap<Long, Integer> losses =
      BoundedMap.byAge(BYTES, (number, hostLosses) -> Long.BYTES + Integer.BYTES);

  boolean isEmpty() {
    return losses.isEmpty();
  }

  /** Records that a call is run again with this loss count. */
  void moved(long number, int hostLosses) {
    Integer before = losses.get(number);
    if (before == null || before < hostLosses) {
      losses.put(number, hostLosses);
    }
  }

  boolean isFenced(long number) {
    return losses.containsKey(number);
  }

  /** Whether a failure from an attempt with this loss count is stale. */
  boolean isStale(long number, int hostLosses) {
    Integer known = losses.get(number);
    return known != null && hostLosses < known;
  }

  /** Forgets a call that has ended. */
  void forget(long number) {
    losses.remove(number);
  }
}

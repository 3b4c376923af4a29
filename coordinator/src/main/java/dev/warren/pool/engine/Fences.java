package dev.warren.pool.engine;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which attempt of a call counts, for the few that were taken from a lost host and are run again. A
 * host that only seemed dead may still answer for the old attempt: its value is as good as any, its
 * failure is not, since the new attempt may succeed. Confined to the thread that delivers results.
 */
final class Fences {
  /** Calls remembered; the oldest are forgotten beyond, and anybody's word counts again. */
  static final int MOST = 1_000_000;

  private final Map<Long, Integer> losses =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Integer> eldest) {
          return size() > MOST;
        }
      };

  boolean isEmpty() {
    return losses.isEmpty();
  }

  /** This call is run again, with so many losses behind it. */
  void moved(long number, int hostLosses) {
    losses.merge(number, hostLosses, Math::max);
  }

  boolean isFenced(long number) {
    return losses.containsKey(number);
  }

  /** Whether a failure from an attempt with so many losses behind it is out of date. */
  boolean isStale(long number, int hostLosses) {
    return hostLosses < losses.getOrDefault(number, 0);
  }

  /** The call has ended. */
  void forget(long number) {
    losses.remove(number);
  }
}

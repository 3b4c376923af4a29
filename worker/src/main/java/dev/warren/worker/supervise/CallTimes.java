package dev.warren.worker.supervise;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How long calls of each function take, as a moving average, and from it how many calls a child may
 * hold at once: many short ones, one long one, one of an unknown function. Confined to the loop.
 */
final class CallTimes {
  /** Work that may wait in a child: it hides the way to the child, and delays nobody for long. */
  static final long AHEAD_MICROS = 3_000;

  static final int MOST_AHEAD = 8192;
  private static final int FUNCTIONS = 1000;
  private static final double WEIGHT = 0.3;

  private final Map<String, Double> averages =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Double> eldest) {
          return size() > FUNCTIONS;
        }
      };

  /** Takes in that {@code count} calls took {@code totalMicros} together. */
  void measured(String function, int count, long totalMicros) {
    double each = Math.max(totalMicros, 1) / (double) count;
    Double before = averages.get(function);
    // much longer than thought counts at once: the depth of short calls must not outlive them
    if (before == null || each > before * 8) {
      averages.put(function, each);
    } else {
      averages.put(function, before + WEIGHT * (each - before));
    }
  }

  /** Microseconds that a call of this function takes; 0 where nothing is known. */
  double average(String function) {
    return averages.getOrDefault(function, 0.0);
  }

  /** Most calls of this function that one child may hold; 1 where nothing is known. */
  int depth(String function) {
    Double each = averages.get(function);
    return each == null
        ? 1
        : (int) Math.max(1, Math.min(MOST_AHEAD, AHEAD_MICROS / Math.max(each, 0.1)));
  }
}

package dev.warren.worker.supervise.calls;

import dev.warren.lifecycle.BoundedMap;

/**
 * How long calls of each function take, and from it how many calls a child may hold at once: many
 * short ones, one long one, one of an unknown function. Confined to the loop.
 */
public final class CallTimes {
  /** Work that may wait in a child: it hides the way to the child. */
  static final long AHEAD_MICROS = 10_000;

  /** The same where it cannot be had back from behind a call that takes longer than thought. */
  static final long AHEAD_FOR_GOOD_MICROS = 3_000;

  static final int MOST_AHEAD = 8192;

  /** Of all functions; those used least recently are forgotten beyond, and measured again. */
  static final long BYTES = 1 << 20;

  private static final int TIMES_BYTES = 32;

  private final BoundedMap<String, Times> functions =
      BoundedMap.byUse(BYTES, (function, times) -> BoundedMap.textBytes(function) + TIMES_BYTES);

  /** Takes in that {@code count} calls took {@code totalMicros} together. */
  public void measured(String function, int count, long totalMicros) {
    functions
        .computeIfAbsent(function, f -> new Times())
        .measured(Math.max(totalMicros, 1) / (double) count);
  }

  /** Microseconds that a call of this function takes on average; 0 where nothing is known. */
  public double average(String function) {
    Times times = functions.get(function);
    return times == null ? 0 : times.average;
  }

  /** Microseconds that most of its calls take, whatever a few of them do; 0 where not known. */
  public double usual(String function) {
    Times times = functions.get(function);
    return times == null ? 0 : times.usual;
  }

  /**
   * Most calls of this function that one child may hold; 1 where nothing is known.
   *
   * @param withdraws whether calls can be had back from the child
   */
  public int depth(String function, boolean withdraws) {
    Times times = functions.get(function);
    if (times == null) {
      return 1;
    }
    return withdraws
        ? depth(AHEAD_MICROS, times.usual)
        : depth(AHEAD_FOR_GOOD_MICROS, times.average);
  }

  private static int depth(long ahead, double each) {
    return (int) Math.max(1, Math.min(MOST_AHEAD, ahead / Math.max(each, 0.1)));
  }

  /** The times of one function: two moving averages, microseconds; 0 before the first call. */
  private static final class Times {
    private static final double WEIGHT = 0.3;

    /** The usual time grows by this factor at most, so that a few long calls do not matter. */
    private static final double GROWTH = 1.25;

    private double average;
    private double usual;

    void measured(double each) {
      // much longer than thought counts at once: the depth of short calls must not outlive them
      average = average == 0 || each > average * 8 ? each : average + WEIGHT * (each - average);
      usual = usual == 0 ? each : Math.min(usual * GROWTH, usual + WEIGHT * (each - usual));
    }
  }
}

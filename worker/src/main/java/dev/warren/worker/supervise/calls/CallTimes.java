package dev.warren.worker.supervise.calls;

import dev.warren.lifecycle.BoundedMap;
import dev.warren.worker.meter.WorkerMeters;

/**
 * Measures how long calls of each function take, and derives how many calls a child may hold at
 * once: many short ones, one long one, one of an unknown function. Confined to the loop.
 */
public final class CallTimes {
  /** Work that may wait in a child, to hide the latency of the link. */
  static final long AHEAD_MICROS = 10_000;

  /**
   * The same for a child that cannot return calls from behind one that takes longer than expected.
   */
  static final long AHEAD_FOR_GOOD_MICROS = 3_000;

  static final int MAX_AHEAD = 8192;

  /**
   * Maximum size of the table; beyond it the functions used least recently are forgotten and
   * measured again.
   */
  static final long BYTES = 1 << 20;

  private static final int TIMES_BYTES = 32;

  private final BoundedMap<String, Times> functions =
      BoundedMap.byUse(BYTES, (function, times) -> BoundedMap.textBytes(function) + TIMES_BYTES);

  private final WorkerMeters meters;

  public CallTimes(WorkerMeters meters) {
    this.meters = meters;
  }

  /** Records that {@code count} calls have ended that took {@code totalMicros} together. */
  public void ended(String function, int count, long totalMicros) {
    measured(function, count, totalMicros);
    meters.ran(function, count, totalMicros);
  }

  /** Records that {@code count} calls were given to a child this long after their arrival. */
  public void waited(long nanos, int count) {
    meters.waited(nanos, count);
  }

  /** Records that {@code count} calls took {@code totalMicros} together. */
  public void measured(String function, int count, long totalMicros) {
    functions
        .computeIfAbsent(function, f -> new Times())
        .measured(Math.max(totalMicros, 1) / (double) count);
  }

  /** Average microseconds per call of this function; 0 if unknown. */
  public double average(String function) {
    Times times = functions.get(function);
    return times == null ? 0 : times.average;
  }

  /**
   * Microseconds that most calls of this function take, not counting a few outliers; 0 if unknown.
   */
  public double usual(String function) {
    Times times = functions.get(function);
    return times == null ? 0 : times.usual;
  }

  /**
   * Maximum number of calls of this function that a child may hold; 1 if its time is unknown.
   *
   * @param withdraws whether the child can return calls
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
    return (int) Math.max(1, Math.min(MAX_AHEAD, ahead / Math.max(each, 0.1)));
  }

  /** The times of one function: two moving averages in microseconds; 0 before the first call. */
  private static final class Times {
    private static final double WEIGHT = 0.3;

    /** Maximum growth of the usual time per measurement, so that a few long calls do not matter. */
    private static final double GROWTH = 1.25;

    private double average;
    private double usual;

    void measured(double each) {
      // a much longer time counts in full at once: children must not hold as many long calls as
      // short ones
      average = average == 0 || each > average * 8 ? each : average + WEIGHT * (each - average);
      usual = usual == 0 ? each : Math.min(usual * GROWTH, usual + WEIGHT * (each - usual));
    }
  }
}

package dev.warren.pool.engine.submit;

import dev.warren.pool.engine.pending.CallTimes;

/**
 * Decides how many calls of a job may be in flight. Confined to the job's feed.
 *
 * <p>A call of a lazy job counts from being read to being consumed, any other from being read to
 * its end. The bytes of arguments and results in flight are bounded too, by their average size, but
 * never so low that slots are idle.
 */
public final class Window {
  /** Window of a lazy job without a given window, while its calls are not known to be short. */
  static final int USUAL = 1000;

  private static final int MAX = 16_384;
  private static final int MAX_AHEAD = 200_000;
  private static final long MAX_AHEAD_BYTES = 256 << 20;
  private static final long MAX_BYTES =
      Math.max(1 << 20, Math.min(64 << 20, Runtime.getRuntime().maxMemory() / 32));

  private final int given;
  private final boolean lazy;
  private double averageBytes = 16;

  private Window(int given, boolean lazy) {
    this.given = given;
    this.lazy = lazy;
  }

  /** The window of a lazy job; {@code given} 0 for Warren's choice. */
  public static Window taken(int given) {
    return new Window(given, true);
  }

  /** The window of a job whose results are collected. */
  public static Window ended() {
    return new Window(0, false);
  }

  /**
   * Maximum number of calls in flight.
   *
   * @param wayMicros overhead of a call besides its run and its wait in the queue
   */
  public int limit(ChunkPlan plan, int slots, int chunk, long wayMicros) {
    if (given > 0) {
      return given;
    }
    int min = lazy ? USUAL : Math.max(8, 4 * slots);
    int wanted =
        plan.known()
            ? Math.max(min, Math.max(plan.ahead(slots), 4 * slots * chunk))
                + plan.onTheWay(slots, wayMicros)
            : min;
    int byBytes = (int) Math.max(2 * slots, MAX_BYTES / averageBytes);
    return Math.min(Math.min(wanted, lazy ? MAX : Integer.MAX_VALUE), byBytes);
  }

  /**
   * Number of calls whose run takes this long in all slots; 0 while call times are unknown. Bounded
   * in calls and in bytes, which the broker keeps.
   */
  int ahead(int slots, CallTimes.Measured times, double micros) {
    long byTime = (long) slots * times.callsWithin(micros, MAX_AHEAD);
    long byBytes = (long) (MAX_AHEAD_BYTES / averageBytes);
    return (int) Math.min(Math.min(byTime, MAX_AHEAD), byBytes);
  }

  /** Records {@code calls} calls with arguments or results of {@code bytes} bytes in total. */
  public void add(long bytes, int calls) {
    double weight = calls < 64 ? calls / 64.0 : 1;
    averageBytes += ((double) bytes / calls + 16 - averageBytes) * weight;
  }
}

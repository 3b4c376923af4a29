package dev.warren.pool.engine;

/**
 * How many calls of a job may be under way at once. Confined to the job's feed.
 *
 * <p>For a lazy job they count from being read to being taken, for any other from being read to
 * having ended. Besides, the arguments and results under way are bounded in bytes, by their average
 * size, but never so far that slots are idle.
 */
final class Window {
  /** Of a lazy job that was given none, while its calls are not known to be short. */
  static final int USUAL = 1000;

  private static final int MOST = 16_384;
  private static final long MOST_BYTES =
      Math.max(1 << 20, Math.min(64 << 20, Runtime.getRuntime().maxMemory() / 32));

  private final int given;
  private final boolean lazy;
  private double averageBytes = 16;

  private Window(int given, boolean lazy) {
    this.given = given;
    this.lazy = lazy;
  }

  /** For results that are taken one by one; {@code given} 0 for our choice. */
  static Window taken(int given) {
    return new Window(given, true);
  }

  /** For results that are collected. */
  static Window ended() {
    return new Window(0, false);
  }

  /**
   * Calls that may be under way.
   *
   * @param wayMicros how long a call is on its way, beside its run and what waits before it
   */
  int limit(ChunkPlan plan, int slots, int chunk, long wayMicros) {
    if (given > 0) {
      return given;
    }
    int least = lazy ? USUAL : Math.max(8, 4 * slots);
    int wanted =
        plan.known()
            ? Math.max(least, Math.max(plan.ahead(slots), 4 * slots * chunk))
                + plan.onTheWay(slots, wayMicros)
            : least;
    int byBytes = (int) Math.max(2 * slots, MOST_BYTES / averageBytes);
    return Math.min(Math.min(wanted, lazy ? MOST : Integer.MAX_VALUE), byBytes);
  }

  /** So many calls, with arguments or results of that many bytes in all, are under way. */
  void add(long bytes, int calls) {
    double weight = calls < 64 ? calls / 64.0 : 1;
    averageBytes += ((double) bytes / calls + 16 - averageBytes) * weight;
  }
}

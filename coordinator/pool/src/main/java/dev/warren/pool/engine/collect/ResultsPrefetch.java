package dev.warren.pool.engine.collect;

/**
 * Chooses the prefetch of the results queue: many small messages, to hide the round trip, but few
 * large ones, because each stays in memory until it is handled. Changes rarely and by factors of
 * two or more. Confined to the thread that delivers.
 */
public final class ResultsPrefetch {
  public static final int FIRST = 16;
  static final int MAX = 500;
  private static final int MIN = 2;

  /** Default target for bytes in flight. */
  public static final long BYTES =
      Math.max(1 << 20, Math.min(32 << 20, Runtime.getRuntime().maxMemory() / 16));

  /** How quickly an observed size is forgotten when smaller messages follow. */
  private static final double DECAY = 0.02;

  private final long bytes;
  private double size = 1;
  private int current = FIRST;
  private int seen;

  /** Creates a policy with this target for bytes in flight. */
  public ResultsPrefetch(long bytes) {
    this.bytes = bytes;
  }

  public int current() {
    return current;
  }

  /** Records the size of a message; returns whether the prefetch has changed. */
  public boolean seen(int messageBytes) {
    size = messageBytes > size ? messageBytes : size + DECAY * (messageBytes - size);
    seen++;
    int wanted = (int) Math.max(MIN, Math.min(MAX, bytes / Math.max(1, size)));
    boolean more = wanted >= current * 4 || (wanted == MAX && current < MAX);
    // growing is worth a new consumer only if that many messages do arrive
    if (wanted * 2 <= current || (more && seen >= current)) {
      current = wanted;
      seen = 0;
      return true;
    }
    return false;
  }
}

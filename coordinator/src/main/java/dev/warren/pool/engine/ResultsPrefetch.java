package dev.warren.pool.engine;

/**
 * How many result messages may be on their way from the broker at once: many small ones, to hide
 * the way, few large ones, since each is held in memory until it is handled. Changed rarely and by
 * factors of two or more. Confined to the thread that delivers.
 */
final class ResultsPrefetch {
  static final int FIRST = 16;
  static final int MOST = 500;
  private static final int LEAST = 2;

  /** What may be on its way by default. */
  static final long BYTES =
      Math.max(1 << 20, Math.min(32 << 20, Runtime.getRuntime().maxMemory() / 16));

  /** How fast a size that was seen is forgotten when smaller ones follow. */
  private static final double DECAY = 0.02;

  private final long bytes;
  private double size = 1;
  private int current = FIRST;
  private int seen;

  /** One that lets about so many bytes be on their way. */
  ResultsPrefetch(long bytes) {
    this.bytes = bytes;
  }

  int current() {
    return current;
  }

  /** Takes in that a message of this size has come; says whether the prefetch has changed. */
  boolean seen(int messageBytes) {
    size = messageBytes > size ? messageBytes : size + DECAY * (messageBytes - size);
    seen++;
    int wanted = (int) Math.max(LEAST, Math.min(MOST, bytes / Math.max(1, size)));
    boolean more = wanted >= current * 4 || (wanted == MOST && current < MOST);
    // to let more come is worth it only where that many do come
    if (wanted * 2 <= current || (more && seen >= current)) {
      current = wanted;
      seen = 0;
      return true;
    }
    return false;
  }
}

package dev.warren.pool;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;

/**
 * Whether the heap of this process is nearly full. A job that notices it in time fails alone; at
 * the end of the heap the JVM collects garbage all the time, and threads fail at random.
 * Thread-safe.
 */
final class HeapSpace {
  /** With less space than this share of the heap after a collection, it is nearly full. */
  private static final double NEARLY_FULL = 0.15;

  /** However large the heap is, it is not nearly full with this much space. In bytes. */
  private static final long ENOUGH = 192L << 20;

  private HeapSpace() {}

  /**
   * Whether the heap is nearly full even after a collection, which this starts if little space is
   * left beside live objects and garbage. False if the JVM does not collect on demand ({@code
   * -XX:+DisableExplicitGC}).
   */
  static boolean isNearlyFull() {
    long needed = (long) Math.min(NEARLY_FULL * Runtime.getRuntime().maxMemory(), ENOUGH);
    // a third less, so that a heap just above the bound is not collected again and again
    if (space() >= needed - needed / 3) {
      return false;
    }
    long before = collections();
    System.gc();
    return collections() > before && space() < needed;
  }

  private static long space() {
    Runtime runtime = Runtime.getRuntime();
    return runtime.maxMemory() - (runtime.totalMemory() - runtime.freeMemory());
  }

  private static long collections() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .mapToLong(GarbageCollectorMXBean::getCollectionCount)
        .sum();
  }
}

package dev.warren.jobs.store;

/**
 * The number of a call on the wire: round · 2⁴⁰ + index of its line, so that a late outcome of an
 * earlier round is known as such.
 */
public final class CallNumber {
  private static final int ROUND_SHIFT = 40;

  private CallNumber() {}

  public static long of(int round, long index) {
    return ((long) round << ROUND_SHIFT) + index;
  }

  public static int round(long number) {
    return (int) (number >> ROUND_SHIFT);
  }

  /** Index of the call's line, from 0. */
  public static long index(long number) {
    return number & ((1L << ROUND_SHIFT) - 1);
  }
}

package dev.warren.wire.child;

/**
 * Steps to which a child's numbers are rounded down, so that few of them are counted: ages to round
 * times, others to ten steps per decade. Stateless.
 */
final class Steps {
  /** Seconds: up to a minute, an hour, a day, a week. */
  private static final long[] AGES = {
    0, 1, 3, 10, 30, 60, 180, 600, 1_800, 3_600, 10_800, 43_200, 86_400, 604_800
  };

  private static final int[] DECADE = {10, 12, 15, 20, 25, 30, 40, 50, 60, 80};

  /** Numbers below have steps of their own. */
  private static final long EXACT_BELOW = 6;

  private static final long MAX = 1_000_000_000_000L;

  private Steps() {}

  /** The step of an age in seconds; -1 if it is unknown. */
  static long age(long seconds) {
    long step = -1;
    for (long age : AGES) {
      if (seconds < age) {
        break;
      }
      step = age;
    }
    return step;
  }

  /** The step of a number; -1 if it is unknown. */
  static long number(long number) {
    if (number < EXACT_BELOW) {
      return Math.max(-1, number);
    }
    long decade = decade(number);
    long step = decade;
    for (int tenths : DECADE) {
      long candidate = tenths * decade / 10;
      step = candidate <= number ? candidate : step;
    }
    return step;
  }

  /** The smallest number of the next step. */
  static long next(long number) {
    if (number < EXACT_BELOW) {
      return number + 1;
    }
    long decade = decade(number);
    for (int tenths : DECADE) {
      if (tenths * decade / 10 > number) {
        return tenths * decade / 10;
      }
    }
    return 10 * decade;
  }

  /** The power of ten whose multiple by 1 to 10 the number is. */
  private static long decade(long number) {
    long decade = 1;
    while (number / decade >= 10 && decade < MAX) {
      decade *= 10;
    }
    return decade;
  }
}

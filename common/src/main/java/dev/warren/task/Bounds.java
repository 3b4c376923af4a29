package dev.warren.task;

import java.time.Duration;

/** Checks settings. Each exception names the setting, its value and the bound. Stateless. */
public final class Bounds {
  private Bounds() {}

  /**
   * Returns {@code value} if it is in [{@code min}, {@code max}].
   *
   * @throws IllegalArgumentException if it is not
   */
  public static int check(String name, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(name + " is " + value + "; must be " + min + " to " + max);
    }
    return value;
  }

  /**
   * Returns {@code value} if it is at least {@code min}.
   *
   * @throws IllegalArgumentException if it is not
   */
  public static int atLeast(String name, int value, int min) {
    if (value < min) {
      throw new IllegalArgumentException(name + " is " + value + "; must be at least " + min);
    }
    return value;
  }

  /**
   * Returns {@code value} if it is at least {@code min}.
   *
   * @throws IllegalArgumentException if it is not
   */
  public static long atLeast(String name, long value, long min) {
    if (value < min) {
      throw new IllegalArgumentException(name + " is " + value + "; must be at least " + min);
    }
    return value;
  }

  /**
   * Returns {@code value} if it is in [{@code min}, {@code max}].
   *
   * @throws IllegalArgumentException if it is not
   */
  public static Duration check(String name, Duration value, Duration min, Duration max) {
    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
      throw new IllegalArgumentException(
          name + " is " + text(value) + "; must be " + text(min) + " to " + text(max));
    }
    return value;
  }

  /** Formats a duration as users write it: {@code 500ms}, {@code 30s}, {@code 1h30m}. */
  public static String text(Duration duration) {
    if (duration.isNegative()) {
      return "-" + text(duration.negated());
    }
    StringBuilder text = new StringBuilder();
    add(text, duration.toDays(), "d");
    add(text, duration.toHoursPart(), "h");
    add(text, duration.toMinutesPart(), "m");
    add(text, duration.toSecondsPart(), "s");
    add(text, duration.toMillisPart(), "ms");
    add(text, duration.toNanosPart() % 1_000_000, "ns");
    return text.length() == 0 ? "0s" : text.toString();
  }

  private static void add(StringBuilder text, long number, String unit) {
    if (number > 0) {
      text.append(number).append(unit);
    }
  }
}

package dev.warren.task;

import java.time.Duration;

/** Checks settings. Each exception names the setting, its value and the bound. Stateless. */
public final class Bounds {
  private Bounds() {}

  /**
   * Returns {@code value} if it is in [{@code least}, {@code most}].
   *
   * @throws IllegalArgumentException if it is not
   */
  public static int check(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + " is " + value + "; must be " + least + " to " + most);
    }
    return value;
  }

  /**
   * Returns {@code value} if it is at least {@code least}.
   *
   * @throws IllegalArgumentException if it is not
   */
  public static int atLeast(String name, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(name + " is " + value + "; must be at least " + least);
    }
    return value;
  }

  /**
   * Returns {@code value} if it is at least {@code least}.
   *
   * @throws IllegalArgumentException if it is not
   */
  public static long atLeast(String name, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(name + " is " + value + "; must be at least " + least);
    }
    return value;
  }

  /**
   * Returns {@code value} if it is in [{@code least}, {@code most}].
   *
   * @throws IllegalArgumentException if it is not
   */
  public static Duration check(String name, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          name + " is " + value + "; must be " + least + " to " + most);
    }
    return value;
  }
}

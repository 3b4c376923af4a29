package dev.warren.task;

import java.time.Duration;

/** Checks of user-given settings; each refusal names the setting, its value and the bound. */
public final class Bounds {
  private Bounds() {}

  /** Returns {@code value} if it lies in [{@code least}, {@code most}]. */
  public static int check(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          name + " is " + value + "; must be " + least + " to " + most);
    }
    return value;
  }

  /** Returns {@code value} if it is at least {@code least}. */
  public static int atLeast(String name, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(name + " is " + value + "; must be at least " + least);
    }
    return value;
  }

  /** Returns {@code value} if it is at least {@code least}. */
  public static long atLeast(String name, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(name + " is " + value + "; must be at least " + least);
    }
    return value;
  }

  /** Returns {@code value} if it lies in [{@code least}, {@code most}]. */
  public static Duration check(String name, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          name + " is " + value + "; must be " + least + " to " + most);
    }
    return value;
  }
}

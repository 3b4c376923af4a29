package dev.warren.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The fixed beginning of a JSON object whose only member is {@code value}: {@code {"value":…}} with
 * exactly these first bytes, so that the value is found without parsing.
 */
public final class ValueMember {
  private static final byte[] START = "{\"value\":".getBytes(StandardCharsets.UTF_8);

  /** Bytes in front of the value. */
  public static final int START_LENGTH = START.length;

  private ValueMember() {}

  /** Whether the bytes from {@code from} to {@code to} begin with the member's name. */
  public static boolean startsAt(byte[] bytes, int from, int to) {
    return to - from >= START.length
        && Arrays.equals(bytes, from, from + START.length, START, 0, START.length);
  }
}

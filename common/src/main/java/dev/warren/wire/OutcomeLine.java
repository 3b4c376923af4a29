package dev.warren.wire;

import dev.warren.task.Outcome;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import tools.jackson.core.JacksonException;

/**
 * One outcome as one line of JSON: {@code {"value":…}} or {@code {"error":{…}}}, with exactly these
 * first bytes, so that it is told apart and cut without parsing.
 */
public final class OutcomeLine {
  private static final byte[] VALUE = "{\"value\":".getBytes(StandardCharsets.UTF_8);
  private static final byte[] ERROR = "{\"error\":".getBytes(StandardCharsets.UTF_8);

  /** Bytes in front of the value in a line that has one. */
  static final int VALUE_START = VALUE.length;

  private OutcomeLine() {}

  /** Whether the line tells of a value. */
  public static boolean isValue(Payload line) {
    return line.startsWith(VALUE);
  }

  /** Whether all lines tell of values. */
  public static boolean areValues(Lines lines) {
    for (int i = 0; i < lines.count(); i++) {
      if (!startsAsValue(lines.array(), lines.offset(i), lines.end(i))) {
        return false;
      }
    }
    return true;
  }

  static boolean startsAsValue(byte[] bytes, int from, int to) {
    return to - from >= VALUE.length
        && Arrays.equals(bytes, from, from + VALUE.length, VALUE, 0, VALUE.length);
  }

  /** Whether the line has one of the two forms, as far as its first and last bytes tell. */
  public static boolean isWellFormed(Payload line) {
    return line.length() > VALUE.length
        && line.at(line.length() - 1) == '}'
        && (line.startsWith(VALUE) || line.startsWith(ERROR));
  }

  /** The line for a failure. */
  public static Payload of(RemoteFailure failure) {
    byte[] json = Json.write(failure).toBytes();
    byte[] line = new byte[ERROR.length + json.length + 1];
    System.arraycopy(ERROR, 0, line, 0, ERROR.length);
    System.arraycopy(json, 0, line, ERROR.length, json.length);
    line[line.length - 1] = '}';
    return Payload.of(line);
  }

  /** The JSON of the value in a line that has one. */
  public static Payload value(Payload line) {
    return line.slice(VALUE.length, line.length() - 1);
  }

  /**
   * The failure in a line that has one.
   *
   * @throws WireFormatException where it is not one
   */
  public static RemoteFailure failure(Payload line) {
    try {
      return Json.read(line.slice(ERROR.length, line.length() - 1), RemoteFailure.class);
    } catch (JacksonException | IndexOutOfBoundsException e) {
      throw new WireFormatException("not an outcome: " + line, e);
    }
  }

  /**
   * Reads either.
   *
   * @throws WireFormatException where it is neither
   */
  public static Outcome read(Payload line) {
    if (!isWellFormed(line)) {
      throw new WireFormatException("not an outcome: " + line);
    }
    return isValue(line) ? new Outcome.Succeeded(value(line)) : new Outcome.Failed(failure(line));
  }
}

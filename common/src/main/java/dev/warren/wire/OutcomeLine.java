package dev.warren.wire;

import dev.warren.json.Json;
import dev.warren.json.JsonSyntax;
import dev.warren.json.Lines;
import dev.warren.json.ValueMember;
import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;

/**
 * One outcome as one line of JSON, {@code {"value":…}} or {@code {"error":{…}}}, with exactly these
 * first bytes, so that it can be recognized and sliced without parsing. Stateless.
 */
public final class OutcomeLine {
  private static final byte[] KIND = "{\"error\":{\"kind\":\"".getBytes(StandardCharsets.UTF_8);
  private static final byte[] ERROR = "{\"error\":".getBytes(StandardCharsets.UTF_8);

  private OutcomeLine() {}

  /** Whether the line is a value, judged by its first bytes. */
  public static boolean isValue(Payload line) {
    return ValueMember.startsAt(line.array(), line.offset(), line.offset() + line.length());
  }

  /** Whether line {@code index} is a value, judged by its first bytes. */
  public static boolean isValue(Lines lines, int index) {
    return ValueMember.startsAt(lines.array(), lines.offset(index), lines.end(index));
  }

  /**
   * Returns the kind of a failure, on the wire's form: quickly if the kind comes first, as in all
   * lines that Warren writes. What is not a failure has the kind of an unreadable outcome.
   */
  public static String kind(Payload line) {
    if (line.startsWith(KIND)) {
      int end = line.indexOf((byte) '"', KIND.length);
      if (end > 0) {
        return line.slice(KIND.length, end).text();
      }
    }
    try {
      return failure(line).kind().wire();
    } catch (WireFormatException e) {
      return FailureKind.RESULT_NOT_SERIALIZABLE.wire();
    }
  }

  /** Whether all lines are well-formed values. */
  public static boolean areValues(Lines lines) {
    for (int i = 0; i < lines.count(); i++) {
      int from = lines.offset(i);
      int to = lines.end(i);
      if (!ValueMember.startsAt(lines.array(), from, to) || !isOneValue(lines.array(), from, to)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether the line is exactly one outcome: JSON of one of the two forms that ends where the line
   * ends. The content of a failure's object is not checked.
   */
  public static boolean isWellFormed(Payload line) {
    byte[] bytes = line.array();
    int from = line.offset();
    int to = from + line.length();
    if (ValueMember.startsAt(bytes, from, to)) {
      return isOneValue(bytes, from, to);
    }
    int error = from + ERROR.length;
    if (!line.startsWith(ERROR)) {
      return false;
    }
    while (error < to && bytes[error] == ' ') {
      error++;
    }
    return error < to && bytes[error] == '{' && isOneValue(bytes, from, to);
  }

  /**
   * Whether exactly one JSON value fills the line between its first nine bytes and its last brace.
   */
  private static boolean isOneValue(byte[] bytes, int from, int to) {
    int end = JsonSyntax.endOfValue(bytes, from + ValueMember.START_LENGTH, to);
    return end == to - 1 && bytes[end] == '}';
  }

  /** Writes a failure. */
  public static Payload of(RemoteFailure failure) {
    byte[] json = Json.write(failure).toBytes();
    byte[] line = new byte[ERROR.length + json.length + 1];
    System.arraycopy(ERROR, 0, line, 0, ERROR.length);
    System.arraycopy(json, 0, line, ERROR.length, json.length);
    line[line.length - 1] = '}';
    return Payload.of(line);
  }

  /** Returns the JSON value of a value line. */
  public static Payload value(Payload line) {
    return line.slice(ValueMember.START_LENGTH, line.length() - 1);
  }

  /**
   * Reads the failure of an error line.
   *
   * @throws WireFormatException if it is not one
   */
  public static RemoteFailure failure(Payload line) {
    if (!isWellFormed(line) || isValue(line)) {
      throw new WireFormatException("not a failure: " + line);
    }
    try {
      return Json.read(line.slice(ERROR.length, line.length() - 1), RemoteFailure.class);
    } catch (JacksonException e) {
      throw new WireFormatException("not a failure: " + line, e);
    }
  }

  /**
   * The failure of a call whose child sent something that is not an outcome.
   *
   * @param line what the child sent; the failure's message shows its first 200 characters,
   *     printable ASCII only
   */
  public static RemoteFailure notAnOutcome(Payload line, int attempt) {
    StringBuilder seen = new StringBuilder();
    for (int i = 0; i < Math.min(200, line.length()); i++) {
      seen.append(line.at(i) >= ' ' && line.at(i) < 0x7f ? (char) line.at(i) : '?');
    }
    return RemoteFailure.of(
        FailureKind.RESULT_NOT_SERIALIZABLE,
        "the child's answer is not one outcome of JSON on one line, "
            + line.length()
            + " bytes: "
            + seen
            + (line.length() > 200 ? "…" : ""),
        attempt);
  }

  /**
   * Reads an outcome of either form.
   *
   * @throws WireFormatException if it is neither
   */
  public static JsonOutcome read(Payload line) {
    if (!isWellFormed(line)) {
      throw new WireFormatException("not an outcome: " + line);
    }
    return isValue(line)
        ? new JsonOutcome.Succeeded(value(line))
        : new JsonOutcome.Failed(failure(line));
  }

  /**
   * Reads an outcome of either form. What is neither, or not exactly one JSON value, is a failure:
   * it may come from a child in any language.
   */
  public static JsonOutcome readChecked(Payload line) {
    try {
      JsonOutcome outcome = read(line);
      return outcome instanceof JsonOutcome.Succeeded succeeded && !isOneValue(succeeded.value())
          ? unreadable("not an outcome: " + line)
          : outcome;
    } catch (WireFormatException e) {
      return unreadable(String.valueOf(e.getMessage()));
    }
  }

  private static JsonOutcome unreadable(String message) {
    return new JsonOutcome.Failed(
        RemoteFailure.of(FailureKind.RESULT_NOT_SERIALIZABLE, message, 1));
  }

  private static boolean isOneValue(Payload json) {
    try (JsonParser parser = Json.parser(json)) {
      boolean any = parser.nextToken() != null;
      parser.skipChildren();
      return any && parser.nextToken() == null;
    } catch (JacksonException e) {
      return false;
    }
  }
}

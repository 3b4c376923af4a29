package dev.warren.worker.link;

import dev.warren.task.Payload;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a frame's header, a JSON object on one line, one after another. Loading a JSON
 * library for them would take a starting child longer than all else that it does itself, so this
 * reads the little there is: strings, whole numbers, booleans, null, lists of strings; anything
 * else can be skipped or taken as it stands. Not thread-safe.
 *
 * <p>Everything that is not such an object is told as a {@link LinkException}: a supervisor that
 * writes it cannot be followed.
 */
final class HeaderFields {
  private final FrameType type;
  private final Payload text;
  private final int end;
  private int at;
  private boolean first = true;
  private String name = "";

  private HeaderFields(FrameType type, Payload text, int end) {
    this.type = type;
    this.text = text;
    this.end = end;
  }

  static HeaderFields of(Frame frame) {
    int line = frame.payload().indexOf((byte) '\n', 0);
    int end = line < 0 ? frame.payload().length() : line;
    HeaderFields fields = new HeaderFields(frame.type(), frame.payload(), end);
    fields.take('{');
    return fields;
  }

  /** Goes to the next field; false at the end of the header. Each field's value must be read. */
  boolean next() {
    if (tryTake('}')) {
      return false;
    }
    if (!first) {
      take(',');
    }
    first = false;
    name = string();
    take(':');
    return true;
  }

  String name() {
    return name;
  }

  long longValue() {
    int from = skipSpace();
    while (at < end && isOfNumber(text.at(at))) {
      at++;
    }
    try {
      return Long.parseLong(text.slice(from, at).text());
    } catch (NumberFormatException e) {
      throw new LinkException(problem("no whole number"), e);
    }
  }

  int intValue() {
    long value = longValue();
    if (value != (int) value) {
      throw broken(value + " is too large");
    }
    return (int) value;
  }

  boolean flag() {
    if (tryWord("true")) {
      return true;
    }
    if (tryWord("false")) {
      return false;
    }
    throw broken("neither true nor false");
  }

  /** A string, or null where there is none. */
  @Nullable String text() {
    return tryWord("null") ? null : string();
  }

  /** A string. */
  String string() {
    take('"');
    int from = at;
    StringBuilder escaped = null;
    while (at < end && text.at(at) != '"') {
      if (text.at(at) == '\\') {
        escaped = escaped == null ? new StringBuilder() : escaped;
        escaped.append(text.slice(from, at).text());
        at++;
        escaped.append(escape());
        from = at;
      } else {
        at++;
      }
    }
    String rest = text.slice(from, at).text();
    take('"');
    return escaped == null ? rest : escaped.append(rest).toString();
  }

  /** A list of strings, or null where there is none. */
  @Nullable List<String> texts() {
    if (tryWord("null")) {
      return null;
    }
    List<String> texts = new ArrayList<>();
    take('[');
    while (!tryTake(']')) {
      if (!texts.isEmpty()) {
        take(',');
      }
      texts.add(string());
    }
    return texts;
  }

  /** A value of any kind as it stands; null for null. */
  @Nullable Payload any() {
    if (tryWord("null")) {
      return null;
    }
    int from = skipSpace();
    skip();
    return text.slice(from, at);
  }

  /** Passes over a value of any kind. */
  void skip() {
    int depth = 0;
    do {
      switch (peek()) {
        case '{', '[' -> {
          depth++;
          at++;
        }
        case '}', ']' -> {
          depth--;
          at++;
        }
        case ',', ':' -> at++;
        case '"' -> string();
        default -> skipWord();
      }
    } while (depth > 0);
  }

  /** A number, true, false or null. */
  private void skipWord() {
    int from = at;
    while (at < end && (isOfNumber(text.at(at)) || Character.isLetter(text.at(at)))) {
      at++;
    }
    if (at == from) {
      throw broken("no value");
    }
  }

  private char escape() {
    if (at == end) {
      throw broken("cut off");
    }
    byte code = text.at(at++);
    return switch (code) {
      case '"', '\\', '/' -> (char) code;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode();
      default -> throw broken("unknown escape");
    };
  }

  private char unicode() {
    if (end - at < 4) {
      throw broken("cut off");
    }
    int code = 0;
    for (int i = 0; i < 4; i++) {
      int digit = Character.digit(text.at(at++), 16);
      if (digit < 0) {
        throw broken("bad \\u escape");
      }
      code = code * 16 + digit;
    }
    return (char) code;
  }

  private static boolean isOfNumber(byte b) {
    return (b >= '0' && b <= '9') || b == '-' || b == '+' || b == '.' || b == 'e' || b == 'E';
  }

  private int skipSpace() {
    while (at < end && (text.at(at) == ' ' || text.at(at) == '\t' || text.at(at) == '\r')) {
      at++;
    }
    return at;
  }

  private byte peek() {
    if (skipSpace() == end) {
      throw broken("cut off");
    }
    return text.at(at);
  }

  private boolean tryTake(char wanted) {
    if (peek() != wanted) {
      return false;
    }
    at++;
    return true;
  }

  private void take(char wanted) {
    if (!tryTake(wanted)) {
      throw broken("no " + wanted);
    }
  }

  private boolean tryWord(String word) {
    byte[] bytes = word.getBytes(StandardCharsets.US_ASCII);
    if (peek() != bytes[0] || !text.slice(at, end).startsWith(bytes)) {
      return false;
    }
    at += bytes.length;
    return true;
  }

  private LinkException broken(String what) {
    return new LinkException(problem(what));
  }

  private String problem(String what) {
    String where = name.isEmpty() ? "" : ", field " + name;
    return "bad header in a " + type + " frame: " + what + " at byte " + at + where;
  }
}

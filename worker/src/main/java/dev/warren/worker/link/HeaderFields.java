package dev.warren.worker.link;

import dev.warren.task.Payload;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of a frame's header, a JSON object on one line, one by one. Loading a JSON
 * library would take a starting child longer than everything else it does itself, so this class
 * parses the few types needed: strings, whole numbers, booleans, null, lists of strings. Any other
 * value can be skipped or copied. Not thread-safe.
 *
 * <p>Any violation of that format is reported as a {@link LinkException}, because a supervisor that
 * writes it cannot be understood.
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

  /**
   * Advances to the next field; returns false at the end of the header. Each field's value must be
   * read.
   */
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
      throw new LinkException(problem("not a whole number"), e);
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

  /** Reads a string or null. */
  @Nullable String text() {
    return tryWord("null") ? null : string();
  }

  /** Reads a string. */
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

  /** Reads a list of strings or null. */
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

  /** Copies a value of any type unparsed; returns null for null. */
  @Nullable Payload any() {
    if (tryWord("null")) {
      return null;
    }
    int from = skipSpace();
    skip();
    return text.slice(from, at);
  }

  /** Skips a value of any type. */
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

  /** Skips a number, true, false or null. */
  private void skipWord() {
    int from = at;
    while (at < end && (isOfNumber(text.at(at)) || Character.isLetter(text.at(at)))) {
      at++;
    }
    if (at == from) {
      throw broken("not a value");
    }
  }

  private char escape() {
    if (at == end) {
      throw broken("truncated");
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
      throw broken("truncated");
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
      throw broken("truncated");
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
      throw broken("expected " + wanted);
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

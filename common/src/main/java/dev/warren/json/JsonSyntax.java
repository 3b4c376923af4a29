package dev.warren.json;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds the end of a JSON value (RFC 8259, in UTF-8 as of RFC 3629) without building objects.
 * Supervisors check each incoming outcome with it, so it costs about a nanosecond per byte, where a
 * parser object would cost a microsecond per line. Not thread-safe; one instance reads one value.
 */
public final class JsonSyntax {
  /**
   * Maximum nesting of arrays and objects, the same as the JSON library's; a deeper value is
   * invalid.
   */
  static final int DEEPEST = 500;

  static final int INVALID = -1;

  private final byte[] bytes;
  private final int to;
  private int at;

  private JsonSyntax(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.to = to;
    this.at = from;
  }

  /**
   * Returns the index after the value that begins at {@code from}, leading and trailing space
   * included; {@link #INVALID} if no value begins there or it does not end before {@code to}.
   */
  public static int endOfValue(byte[] bytes, int from, int to) {
    int end = endOfSmallNumber(bytes, from, to);
    return end > 0 ? end : new JsonSyntax(bytes, from, to).value();
  }

  /**
   * Fast path for most results of short calls: whole numbers of up to 18 digits. 0 for anything
   * else.
   */
  private static int endOfSmallNumber(byte[] bytes, int from, int to) {
    int i = from;
    while (i < to && bytes[i] >= '0' && bytes[i] <= '9') {
      i++;
    }
    boolean plain =
        i > from
            && i < to
            && i - from <= 18
            && (i - from == 1 || bytes[from] != '0')
            && (bytes[i] == '}' || bytes[i] == ',');
    return plain ? i : 0;
  }

  private int value() {
    @Nullable BitSet objects =
        null; // by depth: whether the container is an object; created when needed
    int depth = 0;
    while (true) {
      skipSpace();
      if (at >= to) {
        return INVALID;
      }
      byte first = bytes[at];
      if (first == '{' || first == '[') {
        if (++depth > DEEPEST) {
          return INVALID;
        }
        objects = objects == null ? new BitSet(64) : objects;
        objects.set(depth, first == '{');
        at++;
        skipSpace();
        if (!take(first == '{' ? '}' : ']')) {
          if (first == '{' && !key()) {
            return INVALID;
          }
          continue;
        }
        depth--;
      } else if (!scalar(first)) {
        return INVALID;
      }
      depth = closeAll(objects, depth);
      if (depth <= 0) {
        return depth == 0 ? at : INVALID;
      }
    }
  }

  /**
   * After a value: closes the containers that end here, up to the comma before the next value.
   *
   * @return the number of open containers; {@link #INVALID} if the syntax is wrong
   */
  private int closeAll(@Nullable BitSet objects, int open) {
    int depth = open;
    skipSpace();
    while (depth > 0 && objects != null) {
      boolean object = objects.get(depth);
      if (take(',')) {
        skipSpace();
        return !object || key() ? depth : INVALID;
      }
      if (!take(object ? '}' : ']')) {
        return INVALID;
      }
      depth--;
      skipSpace();
    }
    return depth;
  }

  /** Reads a property's name and colon. */
  private boolean key() {
    skipSpace();
    if (!take('"') || !string()) {
      return false;
    }
    skipSpace();
    return take(':');
  }

  private boolean scalar(byte first) {
    return switch (first) {
      case '"' -> {
        at++;
        yield string();
      }
      case 't' -> literal("true");
      case 'f' -> literal("false");
      case 'n' -> literal("null");
      default -> number();
    };
  }

  private boolean literal(String word) {
    for (int i = 0; i < word.length(); i++) {
      if (at >= to || bytes[at] != word.charAt(i)) {
        return false;
      }
      at++;
    }
    return true;
  }

  private boolean number() {
    take('-');
    if (!take('0') && !digits()) {
      return false;
    }
    if (take('.') && !digits()) {
      return false;
    }
    if (take('e') || take('E')) {
      if (!take('+')) {
        take('-');
      }
      return digits();
    }
    return true;
  }

  private boolean digits() {
    int first = at;
    while (at < to && bytes[at] >= '0' && bytes[at] <= '9') {
      at++;
    }
    return at > first;
  }

  /** Reads a string, from after its opening quote to after its closing one. */
  private boolean string() {
    while (at < to) {
      byte b = bytes[at++];
      if (b == '"') {
        return true;
      }
      if (b == '\\') {
        if (!escape()) {
          return false;
        }
      } else if (b < 0) {
        if (!manyBytes(b & 0xff)) {
          return false;
        }
      } else if (b < ' ') {
        return false;
      }
    }
    return false;
  }

  private boolean escape() {
    if (at >= to) {
      return false;
    }
    byte b = bytes[at++];
    if (b != 'u') {
      return "\"\\/bfnrt".indexOf(b) >= 0;
    }
    for (int i = 0; i < 4; i++) {
      if (at >= to || Character.digit(bytes[at++], 16) < 0) {
        return false;
      }
    }
    return true;
  }

  /** Reads the rest of a UTF-8 sequence of two to four bytes. */
  private boolean manyBytes(int first) {
    if (first < 0xc2 || first > 0xf4) {
      return false;
    }
    int more = first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
    if (at + more > to) {
      return false;
    }
    int second = bytes[at] & 0xff;
    int low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    int high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    if (second < low || second > high) {
      return false;
    }
    for (int i = 1; i < more; i++) {
      if ((bytes[at + i] & 0xc0) != 0x80) {
        return false;
      }
    }
    at += more;
    return true;
  }

  private boolean take(char wanted) {
    if (at < to && bytes[at] == wanted) {
      at++;
      return true;
    }
    return false;
  }

  private void skipSpace() {
    while (at < to && (bytes[at] == ' ' || bytes[at] == '\t' || bytes[at] == '\r')) {
      at++;
    }
  }
}

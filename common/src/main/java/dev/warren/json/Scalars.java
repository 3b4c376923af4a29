package dev.warren.json;

import dev.warren.task.Payload;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A fast path for the most common arguments and results: numbers, booleans and plain text in their
 * simplest form, read and written byte by byte. Anything else goes through Jackson, which alone
 * defines what is valid, so the two never differ and no errors arise here. Not thread-safe.
 */
final class Scalars {
  /**
   * A long holds any number of this many digits, and 10 to this power. A double is exact up to
   * 2^53.
   */
  private static final int LONG_DIGITS = 18;

  private static final long EXACT_DOUBLE = 1L << 53;
  private static final double[] POWERS_OF_TEN = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18
  };

  private byte[] bytes = new byte[0];
  private int next;
  private int end;
  private long number;

  /** Whether values of this type may be read here; a null for a boxed type is left to Jackson. */
  static boolean reads(Class<?> type) {
    return type == int.class
        || type == long.class
        || type == String.class
        || type == double.class
        || type == boolean.class
        || type == Integer.class
        || type == Long.class
        || type == Double.class
        || type == Boolean.class;
  }

  /** The boxed form of a type for which {@link #reads} holds. */
  static Class<?> boxed(Class<?> type) {
    return type == int.class
        ? Integer.class
        : type == long.class
            ? Long.class
            : type == double.class ? Double.class : type == boolean.class ? Boolean.class : type;
  }

  /** Reads a call's arguments; null if any of them is not in the simplest form. */
  @Nullable Object @Nullable [] read(Class<?>[] types, Payload line) {
    over(line.array(), line.offset(), line.offset() + line.length());
    if (!take('[')) {
      return null;
    }
    @Nullable Object[] args = new Object[types.length];
    for (int i = 0; i < types.length; i++) {
      if (i > 0 && !(take(',') && skipSpace())) {
        return null;
      }
      Object value = value(types[i]);
      if (value == null) {
        return null;
      }
      args[i] = value;
    }
    return take(']') && next == end ? args : null;
  }

  /**
   * Reads the value of an outcome line; null if it is not in the simplest form, or if the line is a
   * failure.
   */
  @Nullable Object readOutcome(Class<?> type, Lines lines, int index) {
    over(lines.array(), lines.offset(index), lines.end(index));
    return outcome(type);
  }

  /** Reads the value of a single outcome line, with the same result. */
  @Nullable Object readOutcome(Class<?> type, Payload line) {
    over(line.array(), line.offset(), line.offset() + line.length());
    return outcome(type);
  }

  private @Nullable Object outcome(Class<?> type) {
    if (!ValueMember.startsAt(bytes, next, end)) {
      return null;
    }
    next += ValueMember.START_LENGTH;
    Object value = value(type);
    return value != null && take('}') && next == end ? value : null;
  }

  private void over(byte[] array, int from, int to) {
    bytes = array;
    next = from;
    end = to;
  }

  private @Nullable Object value(Class<?> type) {
    if (type == String.class) {
      return text();
    }
    if (type == boolean.class || type == Boolean.class) {
      return literal("true") ? Boolean.TRUE : literal("false") ? Boolean.FALSE : null;
    }
    return type == double.class || type == Double.class
        ? fraction()
        : integer(type == int.class || type == Integer.class);
  }

  private @Nullable Object integer(boolean isInt) {
    if (!whole(isInt)) {
      return null;
    }
    return isInt ? (Object) (int) number : (Object) number;
  }

  private boolean whole(boolean isInt) {
    int start = next;
    boolean negative = take('-');
    int first = next;
    long magnitude = digits(0);
    int count = next - first;
    if (count == 0 || count > LONG_DIGITS || (count > 1 && bytes[first] == '0') || !ended()) {
      next = start;
      return false;
    }
    number = negative ? -magnitude : magnitude;
    return !isInt || number == (int) number;
  }

  /**
   * Reads a decimal: digits of at most 2^53, divided by an exact power of ten, so the quotient is
   * the nearest double.
   */
  private @Nullable Object fraction() {
    boolean negative = take('-');
    int first = next;
    long digits = digits(0);
    int whole = next - first;
    int decimals = 0;
    if (next < end && bytes[next] == '.') {
      next++;
      int point = next;
      digits = digits(digits);
      decimals = next - point;
      if (decimals == 0) {
        return null;
      }
    }
    if (whole == 0
        || whole + decimals > LONG_DIGITS
        || digits > EXACT_DOUBLE
        || (whole > 1 && bytes[first] == '0')
        || (negative && digits == 0)
        || !ended()) {
      return null;
    }
    double value = digits / POWERS_OF_TEN[decimals];
    return negative ? -value : value;
  }

  /**
   * Skips digits and returns their value, which is meaningless for more than {@link #LONG_DIGITS}.
   */
  private long digits(long before) {
    long value = before;
    // local variables, which stay in registers
    byte[] from = bytes;
    int last = end;
    int i = next;
    while (i < last && from[i] >= '0' && from[i] <= '9') {
      value = value * 10 + (from[i++] - '0');
    }
    next = i;
    return value;
  }

  /** Reads a text of printable ASCII without escapes. */
  private @Nullable Object text() {
    if (!take('"')) {
      return null;
    }
    int start = next;
    while (next < end && isPlain(bytes[next])) {
      next++;
    }
    int stop = next;
    return take('"') ? new String(bytes, start, stop - start, StandardCharsets.ISO_8859_1) : null;
  }

  /**
   * Whether a character needs no escape in a JSON text: printable ASCII except quote and backslash.
   */
  static boolean isPlain(int character) {
    return character >= ' ' && character < 0x7f && character != '"' && character != '\\';
  }

  private boolean literal(String word) {
    if (end - next < word.length()) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      if (bytes[next + i] != word.charAt(i)) {
        return false;
      }
    }
    next += word.length();
    return true;
  }

  private boolean ended() {
    return next < end && (bytes[next] == ',' || bytes[next] == ']' || bytes[next] == '}');
  }

  private boolean take(char wanted) {
    if (next < end && bytes[next] == wanted) {
      next++;
      return true;
    }
    return false;
  }

  private boolean skipSpace() {
    while (next < end && bytes[next] == ' ') {
      next++;
    }
    return true;
  }

  /** Writes a result; returns false, having written nothing, if it has no simple form. */
  static boolean write(@Nullable Object result, LineBuffer out) {
    if (result == null) {
      out.writeAscii("null");
    } else if (result instanceof Integer || result instanceof Long) {
      out.writeNumber(((Number) result).longValue());
    } else if (result instanceof Boolean) {
      out.writeAscii(result.toString());
    } else if (result instanceof Double number && Double.isFinite(number)) {
      out.writeAscii(number.toString());
    } else if (result instanceof String text && isPlain(text)) {
      out.write('"');
      out.writeAscii(text);
      out.write('"');
    } else {
      return false;
    }
    return true;
  }

  /** Whether no character of a text needs an escape. */
  static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!isPlain(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }
}

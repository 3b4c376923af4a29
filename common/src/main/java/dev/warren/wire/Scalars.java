package dev.warren.wire;

import dev.warren.task.Payload;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The short way for the commonest arguments and results: numbers, truth values and plain text in
 * their plainest form, read and written byte by byte. Whatever is not in that form goes the long
 * way through Jackson, which alone decides about it; so the two never differ, and there are no
 * errors here. Not thread-safe.
 */
public final class Scalars {
  /** 10^18 and every number of fewer digits is a long; up to 2^53 a double is exact. */
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

  /** The parameter types this can read; a null for a boxed one goes the long way. */
  public static boolean reads(Class<?> type) {
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

  /** The class that values of a type that {@link #reads} have. */
  public static Class<?> boxed(Class<?> type) {
    return type == int.class
        ? Integer.class
        : type == long.class
            ? Long.class
            : type == double.class ? Double.class : type == boolean.class ? Boolean.class : type;
  }

  /** Reads a call's arguments; null where any of them is not in the plainest form. */
  public @Nullable Object @Nullable [] read(Class<?>[] types, Payload line) {
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
   * Reads the value in an outcome line; null where it is not in the plainest form, or where the
   * line tells of a failure.
   */
  public @Nullable Object readOutcome(Class<?> type, Lines lines, int index) {
    over(lines.array(), lines.offset(index), lines.end(index));
    return outcome(type);
  }

  /** The same for a line of its own. */
  public @Nullable Object readOutcome(Class<?> type, Payload line) {
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

  /**
   * Reads the whole number in an outcome line, which {@link #number} then is; false where {@link
   * #readOutcome} would give null.
   */
  public boolean readNumber(boolean isInt, Lines lines, int index) {
    over(lines.array(), lines.offset(index), lines.end(index));
    if (!ValueMember.startsAt(bytes, next, end)) {
      return false;
    }
    next += ValueMember.START_LENGTH;
    return whole(isInt) && take('}') && next == end;
  }

  /** The whole number that was read last. */
  public long number() {
    return number;
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

  /** Digits of at most 2^53 over a power of ten that is exact: their quotient is the nearest. */
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

  /** Goes over digits; the result means nothing where they are more than {@link #LONG_DIGITS}. */
  private long digits(long before) {
    long value = before;
    // in locals, which stay in registers
    byte[] from = bytes;
    int last = end;
    int i = next;
    while (i < last && from[i] >= '0' && from[i] <= '9') {
      value = value * 10 + (from[i++] - '0');
    }
    next = i;
    return value;
  }

  /** Printable ASCII without escapes. */
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

  /** Whether a character stands in a JSON text as it is: printable ASCII without escapes. */
  public static boolean isPlain(int character) {
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

  /** Writes a result; says whether it could. */
  public static boolean write(@Nullable Object result, LineBuffer out) {
    if (result == null) {
      out.writeAscii("null");
    } else if (result instanceof Integer || result instanceof Long) {
      out.writeNumber(((Number) result).longValue());
    } else if (result instanceof Boolean) {
      out.writeAscii(result.toString());
    } else if (result instanceof Double number && Double.isFinite(number)) {
      out.writeAscii(number.toString());
    } else if (result instanceof String text && plain(text)) {
      out.write('"');
      out.writeAscii(text);
      out.write('"');
    } else {
      return false;
    }
    return true;
  }

  private static boolean plain(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!isPlain(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }
}

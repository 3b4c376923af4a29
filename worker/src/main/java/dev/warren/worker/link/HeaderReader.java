package dev.warren.worker.link;

import dev.warren.json.JsonSyntax;
import dev.warren.task.Payload;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The values of a parsed header, to be read in the order of its {@link HeaderFormat}. A header may
 * have its fields in any order, with spaces, and with fields that the format does not know, which
 * are ignored; a field that is missing or null has its default value. Not thread-safe.
 *
 * <p>A value of the wrong type is a {@link LinkException}, like anything that is not JSON. A number
 * may have a fraction, which is ignored.
 *
 * <p>For maintainers: headers need no JSON library, because loading one would take a starting child
 * longer than everything else it does. Fields in the order in which this program writes them are
 * recognised by one comparison each. All values are parsed in one loop before the first is read:
 * with a loop in each method that returns a value, inlined for every field, the JIT compiler of
 * every child would be busy for 0.3 s.
 */
final class HeaderReader {
  // kinds of values; 0 for a missing one
  private static final byte NULL = 1;
  private static final byte FALSE = 2;
  private static final byte TRUE = 3;

  /** A whole, non-negative number of at most 18 digits. */
  private static final byte NUMBER = 4;

  /** A text of printable ASCII without escapes; the value is its place. */
  private static final byte TEXT = 5;

  /** Any other value; the value is its place. */
  private static final byte OTHER = 6;

  private static final int MAX_DIGITS = 18;
  private static final byte[] NULL_WORD = ascii("null");
  private static final byte[] FALSE_WORD = ascii("false");
  private static final byte[] TRUE_WORD = ascii("true");

  private final HeaderFormat format;
  private final FrameType type;
  private final byte[] bytes;
  private final int start;
  private final int end;
  // the index for fields that the format does not know
  private final int unknown;
  private final byte[] kinds;
  private final long[] values;
  // while parsing: the position; then: the next value to read
  private int next;

  private HeaderReader(HeaderFormat format, Frame frame) {
    Payload payload = frame.payload();
    this.format = format;
    this.type = frame.type();
    this.bytes = payload.array();
    this.start = payload.offset();
    this.end = start + payload.length();
    this.unknown = format.count();
    this.kinds = new byte[unknown + 1];
    this.values = new long[unknown + 1];
    this.next = start;
  }

  static HeaderReader of(HeaderFormat format, Frame frame) {
    HeaderReader reader = new HeaderReader(format, frame);
    reader.parse();
    reader.next = 0;
    return reader;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private void parse() {
    int expected = 0;
    while (true) {
      int field = expected;
      if (field == unknown || !tryTake(format.start(field))) {
        if (tryEnd()) {
          return;
        }
        field = anyField();
      }
      boolean quoted = next < end && bytes[next] == '"';
      if (!(quoted ? tryText(field) : tryNumber(field))) {
        otherValue(field);
      }
      expected = field == unknown ? expected : field + 1;
    }
  }

  private boolean tryText(int field) {
    int from = next + 1;
    int at = from;
    while (at < end && bytes[at] >= ' ' && bytes[at] != '"' && bytes[at] != '\\') {
      at++;
    }
    if (at == end || bytes[at] != '"') {
      return false;
    }
    next = at + 1;
    set(field, TEXT, place(from, at));
    return true;
  }

  private boolean tryNumber(int field) {
    int from = next;
    int at = from;
    long number = 0;
    while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
      number = number * 10 + (bytes[at++] - '0');
    }
    int digits = at - from;
    if (digits == 0
        || digits > MAX_DIGITS
        || (digits > 1 && bytes[from] == '0')
        || at == end
        || (bytes[at] != ',' && bytes[at] != '}')) {
      return false;
    }
    next = at;
    set(field, NUMBER, number);
    return true;
  }

  private void otherValue(int field) {
    skipSpace();
    int from = next;
    byte kind =
        tryTake(NULL_WORD) ? NULL : tryTake(FALSE_WORD) ? FALSE : tryTake(TRUE_WORD) ? TRUE : OTHER;
    if (kind == OTHER) {
      next = endOfValue();
    }
    set(field, kind, place(from, next));
  }

  private void set(int field, byte kind, long value) {
    kinds[field] = kind;
    values[field] = value;
  }

  /**
   * Moves to the end of the header's line, if nothing but spaces follows the object, and returns
   * true; otherwise moves to the name of the next field.
   */
  private boolean tryEnd() {
    boolean first = next == start;
    skipSpace();
    if (first) {
      take('{');
      skipSpace();
    }
    if (next == end || bytes[next] != '}') {
      if (!first) {
        take(',');
        skipSpace();
      }
      return false;
    }
    next++;
    skipSpace();
    if (next < end && bytes[next] != '\n') {
      throw broken("expected the end");
    }
    return true;
  }

  /** Reads a field's name in any form, and returns the field. */
  private int anyField() {
    int from = next;
    if (next == end || bytes[next] != '"') {
      throw broken("expected a name");
    }
    next = endOfValue();
    String name = JsonText.decode(bytes, from, last('"', next));
    skipSpace();
    take(':');
    skipSpace();
    int field = format.field(name);
    return field < 0 ? unknown : field;
  }

  private boolean tryTake(byte[] word) {
    int after = next + word.length;
    if (after > end || !Arrays.equals(bytes, next, after, word, 0, word.length)) {
      return false;
    }
    next = after;
    return true;
  }

  private int endOfValue() {
    int line = next;
    while (line < end && bytes[line] != '\n') {
      line++;
    }
    int after = next == line ? -1 : JsonSyntax.endOfValue(bytes, next, line);
    if (after < 0) {
      throw broken("not a value");
    }
    return after;
  }

  private void take(char wanted) {
    if (next == end || bytes[next] != wanted) {
      throw broken("expected " + wanted);
    }
    next++;
  }

  private void skipSpace() {
    while (next < end && isSpace(bytes[next])) {
      next++;
    }
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\t' || b == '\r';
  }

  // ---- values

  /** A whole number; 0 by default. */
  long number() {
    int field = next++;
    return kinds[field] == NUMBER ? values[field] : kinds[field] <= NULL ? 0 : otherNumber(field);
  }

  /** A whole number that fits an int; 0 by default. */
  int smallNumber() {
    return smallNumber(0);
  }

  int smallNumber(int otherwise) {
    boolean missing = kinds[next] <= NULL;
    long number = number();
    if (number != (int) number) {
      throw wrong(next - 1, number + " is too large");
    }
    return missing ? otherwise : (int) number;
  }

  boolean flag(boolean otherwise) {
    int field = next++;
    byte kind = kinds[field];
    if (kind > TRUE) {
      throw wrong(field, "neither true nor false");
    }
    return kind <= NULL ? otherwise : kind == TRUE;
  }

  /** A text; empty by default. */
  String text() {
    String text = textOrNull();
    return text == null ? "" : text;
  }

  /** A text; null by default. */
  @Nullable String textOrNull() {
    int field = next++;
    byte kind = kinds[field];
    if (kind <= NULL) {
      return null;
    }
    int from = from(field);
    if (kind == TEXT) {
      return new String(bytes, from, to(field) - from, StandardCharsets.ISO_8859_1);
    }
    if (kind != OTHER || bytes[from] != '"') {
      throw wrong(field, "not a text");
    }
    return JsonText.decode(bytes, from, last('"', to(field)));
  }

  /** A number; null by default. */
  @Nullable Double fraction() {
    int field = next++;
    return kinds[field] == NUMBER
        ? (Double) (double) values[field]
        : kinds[field] <= NULL ? null : (Double) otherFraction(field);
  }

  /** A JSON array as it is; null by default. */
  @Nullable Payload array() {
    int field = next++;
    if (kinds[field] <= NULL) {
      return null;
    }
    int from = from(field);
    if (kinds[field] != OTHER || bytes[from] != '[') {
      throw wrong(field, "not a list");
    }
    return Payload.of(bytes, from, last(']', to(field)) + 1 - from);
  }

  /** A list of texts; null by default. */
  @Nullable List<String> texts() {
    int field = next;
    Payload array = array();
    if (array == null) {
      return null;
    }
    List<String> texts = new ArrayList<>();
    int to = to(field);
    next = from(field) + 1;
    skipSpace();
    while (bytes[next] != ']') {
      if (bytes[next] != '"') {
        throw wrong(field, "not a list of texts");
      }
      int from = next;
      next = JsonSyntax.endOfValue(bytes, from, to);
      texts.add(JsonText.decode(bytes, from, last('"', next)));
      next += bytes[next] == ',' ? 1 : 0;
      skipSpace();
    }
    next = field + 1;
    return texts;
  }

  private long otherNumber(int field) {
    String text = numberText(field);
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      double value = otherFraction(field);
      if (Math.abs(value) >= 0x1p63) {
        throw new LinkException(problem(field, text + " is too large"), e);
      }
      return (long) value;
    }
  }

  private double otherFraction(int field) {
    return Double.parseDouble(numberText(field));
  }

  private String numberText(int field) {
    int from = from(field);
    if (kinds[field] != OTHER || (bytes[from] != '-' && (bytes[from] < '0' || bytes[from] > '9'))) {
      throw wrong(field, "not a number");
    }
    return new String(bytes, from, to(field) - from, StandardCharsets.ISO_8859_1).strip();
  }

  /** The last position of this character, which exists, before {@code to}. */
  private int last(char wanted, int to) {
    int at = to - 1;
    while (bytes[at] != wanted) {
      at--;
    }
    return at;
  }

  private static long place(int from, int to) {
    return (long) from << Integer.SIZE | to;
  }

  private int from(int field) {
    return (int) (values[field] >>> Integer.SIZE);
  }

  private int to(int field) {
    return (int) values[field];
  }

  private LinkException broken(String what) {
    return new LinkException(
        "bad header in a " + type + " frame: " + what + " at byte " + (next - start));
  }

  private LinkException wrong(int field, String what) {
    return new LinkException(problem(field, what));
  }

  private String problem(int field, String what) {
    return "bad header in a " + type + " frame: " + what + ", field " + format.name(field);
  }
}

package dev.warren.worker.link;

import dev.warren.json.LineBuffer;
import dev.warren.json.Scalars;
import dev.warren.task.Payload;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A template for the header of one frame type, in the exact form that this program writes: all
 * fields, in a fixed order, without spaces, as in <code>{"task":#,"from":%,"fn":$}</code>. The
 * placeholders are
 *
 * <ul>
 *   <li>{@code #}, a non-negative whole number,
 *   <li>{@code %}, a non-negative whole number that fits an int,
 *   <li>{@code $}, a text of printable ASCII without escapes,
 *   <li>{@code &}, such a text or null,
 *   <li>{@code ?}, true or false.
 * </ul>
 *
 * Immutable.
 *
 * <p>For maintainers: one loop on purpose. A method call per field means thirty inlined loops in a
 * CALLS header, which cost the JIT compiler 0.3 s per child.
 */
public final class HeaderTemplate {
  private static final String PLACEHOLDERS = "#%$&?";
  private static final int MAX_DIGITS = 18;

  private static final byte[] NULL = ascii("null");
  private static final byte[] TRUE = ascii("true");
  private static final byte[] FALSE = ascii("false");

  private final byte[] form;
  private final int values;

  HeaderTemplate(String form) {
    this.form = ascii(form);
    int placeholders = 0;
    for (byte character : this.form) {
      placeholders += PLACEHOLDERS.indexOf(character) < 0 ? 0 : 1;
    }
    this.values = placeholders;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Parses a header; null if it has another form, so that the JSON library is needed. */
  @Nullable PlainHeader read(Frame frame) {
    Payload payload = frame.payload();
    byte[] bytes = payload.array();
    int at = payload.offset();
    int end = at + payload.length();
    long[] found = new long[values];
    int value = 0;
    for (byte expected : form) {
      if (at >= end) {
        return null;
      }
      int start = at;
      switch (expected) {
        case '#', '%' -> {
          long number = 0;
          while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
            number = number * 10 + (bytes[at++] - '0');
          }
          int digits = at - start;
          boolean zeros = digits > 1 && bytes[start] == '0';
          boolean fits = expected == '#' || number == (int) number;
          if (digits == 0 || digits > MAX_DIGITS || zeros || !fits) {
            return null;
          }
          found[value++] = number;
        }
        case '$', '&' -> {
          if (bytes[at] == '"') {
            at++;
            while (at < end && Scalars.isPlain(bytes[at])) {
              at++;
            }
            if (at >= end || bytes[at] != '"') {
              return null;
            }
            found[value++] = PlainHeader.place(start + 1, at);
            at++;
          } else {
            at = expected == '&' ? behind(NULL, bytes, at, end) : end;
            found[value++] = PlainHeader.NO_TEXT;
          }
        }
        case '?' -> {
          boolean is = bytes[at] == 't';
          at = behind(is ? TRUE : FALSE, bytes, at, end);
          found[value++] = is ? 1 : 0;
        }
        default -> {
          if (bytes[at++] != expected) {
            return null;
          }
        }
      }
    }
    return at == end || bytes[at] == '\n' ? new PlainHeader(bytes, found) : null;
  }

  /** Returns the end of an expected word; {@code end} if it is not there. */
  private static int behind(byte[] word, byte[] bytes, int at, int end) {
    if (end - at < word.length) {
      return end;
    }
    for (int i = 0; i < word.length; i++) {
      if (bytes[at + i] != word[i]) {
        return end;
      }
    }
    return at + word.length;
  }

  /** Writes a header whose fields are all numbers. */
  public void write(LineBuffer out, long... numbers) {
    int value = 0;
    for (byte character : form) {
      if (character == '#' || character == '%') {
        out.writeNumber(numbers[value++]);
      } else {
        out.write(character);
      }
    }
  }
}

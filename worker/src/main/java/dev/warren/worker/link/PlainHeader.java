package dev.warren.worker.link;

import dev.warren.task.Payload;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads a frame's header whose fields stand in the order, and in the form, in which this program
 * writes them. Whatever stands there in another form makes it fail without a word, which {@link
 * #ended} tells: the JSON library reads it then, and alone says what is wrong. Not thread-safe.
 */
public final class PlainHeader {
  private static final int LONG_DIGITS = 18;

  private final byte[] bytes;
  private final int end;
  private int next;
  private boolean failed;

  public PlainHeader(Frame frame) {
    Payload payload = frame.payload();
    int line = payload.indexOf((byte) '\n', 0);
    this.bytes = payload.array();
    this.next = payload.offset();
    this.end = next + (line < 0 ? payload.length() : line);
  }

  /** Takes what must stand here: {@code ,"count":}. */
  public PlainHeader take(String expected) {
    int length = expected.length();
    if (failed || end - next < length) {
      failed = true;
      return this;
    }
    for (int i = 0; i < length; i++) {
      if (bytes[next + i] != expected.charAt(i)) {
        failed = true;
        return this;
      }
    }
    next += length;
    return this;
  }

  /** Takes a whole number that is not negative. */
  public long number() {
    int start = next;
    long value = 0;
    while (next < end && bytes[next] >= '0' && bytes[next] <= '9') {
      value = value * 10 + (bytes[next++] - '0');
    }
    int digits = next - start;
    failed |= digits == 0 || digits > LONG_DIGITS || (digits > 1 && bytes[start] == '0');
    return value;
  }

  /** Takes a whole number that is not negative and fits an int. */
  public int smallNumber() {
    long value = number();
    failed |= value != (int) value;
    return (int) value;
  }

  public boolean flag() {
    boolean is = next < end && bytes[next] == 't';
    take(is ? "true" : "false");
    return is;
  }

  /** Takes a text of printable ASCII without escapes, or null. */
  public @Nullable String text() {
    if (next < end && bytes[next] == 'n') {
      take("null");
      return null;
    }
    take("\"");
    int start = next;
    while (next < end && plain(bytes[next])) {
      next++;
    }
    int stop = next;
    take("\"");
    return failed ? null : new String(bytes, start, stop - start, StandardCharsets.ISO_8859_1);
  }

  private static boolean plain(byte character) {
    return character >= ' ' && character < 0x7f && character != '"' && character != '\\';
  }

  /** Whether all was as expected, to the very end. */
  public boolean ended() {
    return !failed && next == end;
  }
}

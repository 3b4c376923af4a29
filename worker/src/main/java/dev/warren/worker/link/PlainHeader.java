package dev.warren.worker.link;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The values of a header that matched its {@link HeaderTemplate}, to be read in the form's order.
 * Not thread-safe.
 */
final class PlainHeader {
  /** The value for null instead of a text. */
  static final long NO_TEXT = -1;

  private final byte[] bytes;
  // numbers; 0 or 1 for flags; positions of texts
  private final long[] values;
  private int next;

  PlainHeader(byte[] bytes, long[] values) {
    this.bytes = bytes;
    this.values = values;
  }

  /** Encodes the position of a text. */
  static long place(int start, int end) {
    return (long) start << Integer.SIZE | end;
  }

  long number() {
    return values[next++];
  }

  int smallNumber() {
    return (int) number();
  }

  boolean flag() {
    return number() != 0;
  }

  String text() {
    return text(number());
  }

  @Nullable String textOrNull() {
    long place = number();
    return place == NO_TEXT ? null : text(place);
  }

  private String text(long place) {
    int start = (int) (place >>> Integer.SIZE);
    return new String(bytes, start, (int) place - start, StandardCharsets.ISO_8859_1);
  }
}

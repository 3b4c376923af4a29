package dev.warren.json;

import dev.warren.task.Payload;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A growing byte buffer. Beyond its limit it stores nothing but continues to count, so that the
 * size of an oversized result can be reported without storing it. Not thread-safe.
 */
public final class LineBuffer extends OutputStream {
  private static final int KEPT = 1024 * 1024;

  private final int limit;
  private byte[] bytes;
  private long size;

  /**
   * Creates an empty buffer.
   *
   * @param initial initial capacity in bytes
   * @param limit maximum number of bytes to store
   */
  public LineBuffer(int initial, int limit) {
    this.bytes = new byte[initial];
    this.limit = limit;
  }

  @Override
  public void write(int value) {
    if (size < limit) {
      ensure(1);
      bytes[(int) size] = (byte) value;
    }
    size++;
  }

  @Override
  public void write(byte[] source, int offset, int length) {
    if (size + length <= limit) {
      ensure(length);
      System.arraycopy(source, offset, bytes, (int) size, length);
    }
    size += length;
  }

  @Override
  public void write(byte[] source) {
    write(source, 0, source.length);
  }

  public void write(Payload source) {
    write(source.array(), source.offset(), source.length());
  }

  /** Writes a text that is entirely ASCII. */
  public void writeAscii(String text) {
    int length = text.length();
    if (size + length <= limit) {
      ensure(length);
      for (int i = 0; i < length; i++) {
        bytes[(int) size + i] = (byte) text.charAt(i);
      }
    }
    size += length;
  }

  /** Writes a text as JSON; half a surrogate pair becomes a question mark. */
  public void writeText(String text) {
    write('"');
    if (Scalars.isPlain(text)) {
      writeAscii(text);
    } else {
      for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
        writeInText(b);
      }
    }
    write('"');
  }

  private void writeInText(byte b) {
    switch (b) {
      case '"', '\\' -> {
        write('\\');
        write(b);
      }
      case '\b' -> writeAscii("\\b");
      case '\f' -> writeAscii("\\f");
      case '\n' -> writeAscii("\\n");
      case '\r' -> writeAscii("\\r");
      case '\t' -> writeAscii("\\t");
      default -> {
        if (b >= 0 && b < ' ') {
          writeAscii("\\u00" + (b >> 4) + Character.toUpperCase(Character.forDigit(b & 15, 16)));
        } else {
          write(b);
        }
      }
    }
  }

  /** Writes a whole number in decimal. */
  public void writeNumber(long value) {
    if (value < 0 || value >= 1_000_000_000L) {
      writeAscii(Long.toString(value));
      return;
    }
    int digits = 1;
    for (int power = 10; digits < 9 && power <= value; power *= 10) {
      digits++;
    }
    if (size + digits <= limit) {
      ensure(digits);
      // local variables, which stay in registers
      byte[] to = bytes;
      int first = (int) size;
      int rest = (int) value;
      for (int i = first + digits - 1; i >= first; i--) {
        to[i] = (byte) ('0' + rest % 10);
        rest /= 10;
      }
    }
    size += digits;
  }

  private void ensure(int more) {
    int need = (int) size + more;
    if (need > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(need, bytes.length * 2));
    }
  }

  public byte[] array() {
    return bytes;
  }

  /** Bytes written, including those beyond the limit that were not stored. */
  public long size() {
    return size;
  }

  public boolean overflowed() {
    return size > limit;
  }

  /** Discards everything after the first {@code length} bytes, which must be stored. */
  public void truncate(long length) {
    if (length > size || length > limit) {
      throw new IllegalArgumentException("cannot cut " + size + " bytes at " + length);
    }
    size = length;
  }

  /** Replaces each byte {@code old} from index {@code from} on; all bytes must be stored. */
  public void replace(long from, byte old, byte other) {
    for (int i = (int) from; i < size; i++) {
      if (bytes[i] == old) {
        bytes[i] = other;
      }
    }
  }

  /** A view of everything written, not a copy: write nothing more. */
  public Payload toPayload() {
    return Payload.of(bytes, 0, (int) size);
  }

  /** Discards the content; releases an unusually large array. */
  public void clear() {
    size = 0;
    if (bytes.length > KEPT) {
      bytes = new byte[KEPT];
    }
  }
}

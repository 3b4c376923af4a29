package dev.warren.worker.child;

import java.io.OutputStream;
import java.util.Arrays;

/**
 * Growing bytes. Past its limit it keeps none but goes on counting, so that an oversized result can
 * be told by its full size without being held. Confined to whoever owns it.
 */
final class LineBuffer extends OutputStream {
  private static final int KEPT = 1024 * 1024;

  private final int limit;
  private byte[] bytes;
  private long size;

  LineBuffer(int initial, int limit) {
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

  /** Writes a text whose characters are all ASCII. */
  void writeAscii(String text) {
    int length = text.length();
    if (size + length <= limit) {
      ensure(length);
      for (int i = 0; i < length; i++) {
        bytes[(int) size + i] = (byte) text.charAt(i);
      }
    }
    size += length;
  }

  private void ensure(int more) {
    int need = (int) size + more;
    if (need > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(need, bytes.length * 2));
    }
  }

  byte[] array() {
    return bytes;
  }

  /** Bytes written; what is beyond the limit is counted and not held. */
  long size() {
    return size;
  }

  boolean overflowed() {
    return size > limit;
  }

  /** Forgets the content; gives an unusually large array back to the heap. */
  void clear() {
    size = 0;
    if (bytes.length > KEPT) {
      bytes = new byte[KEPT];
    }
  }
}

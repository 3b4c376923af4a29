package dev.warren.task;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * An immutable run of bytes, or a view into a larger one: an argument list, a value, a message
 * body.
 *
 * <p>Thread-safe. Wrapping and slicing never copy, so whoever wraps an array gives it up.
 */
public final class Payload {
  /** No bytes. */
  public static final Payload EMPTY = new Payload(new byte[0], 0, 0);

  private final byte[] bytes;
  private final int offset;
  private final int length;

  private Payload(byte[] bytes, int offset, int length) {
    this.bytes = bytes;
    this.offset = offset;
    this.length = length;
  }

  /** Wraps {@code bytes} without copying; the caller must not write to them any more. */
  public static Payload of(byte[] bytes) {
    return new Payload(bytes, 0, bytes.length);
  }

  /** Wraps a part of {@code bytes} without copying. */
  public static Payload of(byte[] bytes, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    return new Payload(bytes, offset, length);
  }

  /** The text in UTF-8. */
  public static Payload of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Length in bytes. */
  public int length() {
    return length;
  }

  /**
   * The byte at this position.
   *
   * @throws IndexOutOfBoundsException if it is not within the length
   */
  public byte at(int index) {
    return bytes[offset + Objects.checkIndex(index, length)];
  }

  /** A view of the bytes from {@code from} (inclusive) to {@code to} (exclusive). */
  public Payload slice(int from, int to) {
    Objects.checkFromToIndex(from, to, length);
    return new Payload(bytes, offset + from, to - from);
  }

  /** Index of the first {@code wanted} at or after {@code from}, or -1. */
  public int indexOf(byte wanted, int from) {
    for (int i = offset + from, end = offset + length; i < end; i++) {
      if (bytes[i] == wanted) {
        return i - offset;
      }
    }
    return -1;
  }

  /** Whether the first bytes are these. */
  public boolean startsWith(byte[] prefix) {
    return length >= prefix.length
        && Arrays.equals(bytes, offset, offset + prefix.length, prefix, 0, prefix.length);
  }

  /** The array under this view; read it only between {@link #offset()} and {@link #length()}. */
  public byte[] array() {
    return bytes;
  }

  /** Where this view starts in {@link #array()}. */
  public int offset() {
    return offset;
  }

  /** The bytes as an array of their own: the wrapped one where the view covers it all. */
  public byte[] toBytes() {
    return offset == 0 && length == bytes.length
        ? bytes
        : Arrays.copyOfRange(bytes, offset, offset + length);
  }

  /** A buffer over the same bytes, not a copy; its writer would change them. */
  public ByteBuffer toBuffer() {
    return ByteBuffer.wrap(bytes, offset, length);
  }

  /** Writes the bytes; does not flush. */
  public void writeTo(OutputStream out) throws IOException {
    out.write(bytes, offset, length);
  }

  /** The bytes read as UTF-8. */
  public String text() {
    return new String(bytes, offset, length, StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Payload that
        && Arrays.equals(
            bytes, offset, offset + length, that.bytes, that.offset, that.offset + that.length);
  }

  @Override
  public int hashCode() {
    return toBuffer().hashCode();
  }

  /** The text, cut after 200 characters. */
  @Override
  public String toString() {
    String text = text();
    return text.length() <= 200 ? text : text.substring(0, 200) + "… (" + length + " bytes)";
  }
}

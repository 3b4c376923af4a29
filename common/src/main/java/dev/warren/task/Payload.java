package dev.warren.task;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * An immutable sequence of bytes, or a view of part of one: an argument list, a value, a message
 * body. Thread-safe.
 *
 * <p>Wrapping and slicing never copy, so the caller must not modify an array after wrapping it.
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

  /** Wraps {@code bytes} without copying; the caller must not modify them afterwards. */
  public static Payload of(byte[] bytes) {
    return new Payload(bytes, 0, bytes.length);
  }

  /** Wraps a part of {@code bytes} without copying; the caller must not modify it afterwards. */
  public static Payload of(byte[] bytes, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    return new Payload(bytes, offset, length);
  }

  /** Encodes the text as UTF-8. */
  public static Payload of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Length in bytes. */
  public int length() {
    return length;
  }

  /**
   * Returns the byte at this position.
   *
   * @throws IndexOutOfBoundsException if {@code index} is outside the payload
   */
  public byte at(int index) {
    return bytes[offset + Objects.checkIndex(index, length)];
  }

  /** Returns a view of the bytes from {@code from} (inclusive) to {@code to} (exclusive). */
  public Payload slice(int from, int to) {
    Objects.checkFromToIndex(from, to, length);
    return new Payload(bytes, offset + from, to - from);
  }

  /** Index of the first byte {@code wanted} at or after {@code from}; -1 if there is none. */
  public int indexOf(byte wanted, int from) {
    for (int i = offset + from, end = offset + length; i < end; i++) {
      if (bytes[i] == wanted) {
        return i - offset;
      }
    }
    return -1;
  }

  /** Whether the payload begins with these bytes. */
  public boolean startsWith(byte[] prefix) {
    return length >= prefix.length
        && Arrays.equals(bytes, offset, offset + prefix.length, prefix, 0, prefix.length);
  }

  /**
   * The underlying array. Only the {@link #length()} bytes from {@link #offset()} belong to this
   * payload; do not modify it.
   */
  public byte[] array() {
    return bytes;
  }

  /** Index of the first byte in {@link #array()}. */
  public int offset() {
    return offset;
  }

  /**
   * The bytes as an array of exactly that length; the wrapped array itself if this view covers all
   * of it. Do not modify it.
   */
  public byte[] toBytes() {
    return offset == 0 && length == bytes.length
        ? bytes
        : Arrays.copyOfRange(bytes, offset, offset + length);
  }

  /** A buffer over the same bytes, not a copy; do not modify it. */
  public ByteBuffer toBuffer() {
    return ByteBuffer.wrap(bytes, offset, length);
  }

  /** Writes the bytes; does not flush. */
  public void writeTo(OutputStream out) throws IOException {
    out.write(bytes, offset, length);
  }

  /** Decodes the bytes as UTF-8. */
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

  /** The text, truncated to 200 characters. */
  @Override
  public String toString() {
    String text = text();
    return text.length() <= 200 ? text : text.substring(0, 200) + "… (" + length + " bytes)";
  }
}

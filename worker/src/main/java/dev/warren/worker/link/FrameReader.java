package dev.warren.worker.link;

import dev.warren.task.Payload;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * Cuts what a channel brings into frames, for blocking and non-blocking channels alike. Confined to
 * one thread.
 */
public final class FrameReader {
  private static final int INITIAL = 64 * 1024;

  /** A buffer that a large frame has made larger than this is given up after it. */
  private static final int KEPT = 4 * 1024 * 1024;

  private final ReadableByteChannel channel;
  // always in "filling" mode: bytes [start, position) are read and not yet given out
  private ByteBuffer buffer = ByteBuffer.allocate(INITIAL);
  private int start;
  private int limit = Frame.MAX_LENGTH;

  public FrameReader(ReadableByteChannel channel) {
    this.channel = channel;
  }

  /**
   * Refuses frames that are longer, from the next one on.
   *
   * @param bytes of all behind the length; {@link Frame#MAX_LENGTH} unless set
   */
  public void limit(int bytes) {
    limit = bytes;
  }

  /**
   * The next frame already read, or null where more bytes are needed first.
   *
   * @throws LinkException where the bytes are no frame
   */
  public @Nullable Frame poll() {
    int have = buffer.position() - start;
    if (have < 5) {
      return null;
    }
    int length = buffer.getInt(start);
    if (length < 1 || length > Frame.MAX_LENGTH) {
      throw new LinkException("not a frame: length " + length);
    }
    if (length > limit) {
      throw new LinkException(
          "a frame of " + length + " bytes where at most " + limit + " are taken");
    }
    if (have < 4 + length) {
      return null;
    }
    FrameType type = FrameType.ofCode(buffer.get(start + 4));
    byte[] payload = new byte[length - 1];
    buffer.get(start + 5, payload);
    start += 4 + length;
    return new Frame(type, Payload.of(payload));
  }

  /**
   * Reads once from the channel.
   *
   * @return bytes read: 0 where a non-blocking channel has none, -1 at the end
   */
  public int fill() throws IOException {
    makeRoom();
    return channel.read(buffer);
  }

  /** Whether the last {@link #fill} had more room than there were bytes: none are left for now. */
  public boolean hasEmptied() {
    return buffer.hasRemaining();
  }

  /**
   * The next frame, waiting for it; for a blocking channel.
   *
   * @return null at the end of the channel between two frames
   * @throws EOFException at its end inside a frame
   */
  public @Nullable Frame read() throws IOException {
    while (true) {
      Frame frame = poll();
      if (frame != null) {
        return frame;
      }
      if (fill() < 0) {
        if (buffer.position() == start) {
          return null;
        }
        throw new EOFException("link ended inside a frame");
      }
    }
  }

  /** The buffer grows with the bytes that have come, never with what a length announces. */
  private void makeRoom() {
    int have = buffer.position() - start;
    if (have == 0) {
      start = 0;
      buffer = buffer.capacity() > KEPT ? ByteBuffer.allocate(INITIAL) : buffer.clear();
    }
    if (buffer.hasRemaining()) {
      return;
    }
    byte[] from = buffer.array();
    if (start == 0) {
      long wanted = have < 4 ? INITIAL : 4L + Math.max(1, Math.min(buffer.getInt(0), limit));
      buffer = ByteBuffer.allocate((int) Math.min(from.length * 2L, Math.max(wanted, have + 1L)));
    }
    System.arraycopy(from, start, buffer.array(), 0, have);
    buffer.clear().position(have);
    start = 0;
  }
}

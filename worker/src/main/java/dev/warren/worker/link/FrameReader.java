package dev.warren.worker.link;

import dev.warren.task.Payload;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * Splits a channel's bytes into frames, for blocking and non-blocking channels. Confined to one
 * thread.
 */
public final class FrameReader {
  private static final int INITIAL = 64 * 1024;

  /** A buffer that a large frame has grown beyond this size is released after the frame. */
  private static final int KEPT = 4 * 1024 * 1024;

  private final ReadableByteChannel channel;
  // always in write mode: bytes [start, position) have been read and not yet consumed
  private ByteBuffer buffer = ByteBuffer.allocate(INITIAL);
  private int start;
  private int limit = Frame.MAX_LENGTH;

  public FrameReader(ReadableByteChannel channel) {
    this.channel = channel;
  }

  /**
   * Refuses longer frames, from the next one on.
   *
   * @param bytes maximum length, without the length field; default {@link Frame#MAX_LENGTH}
   */
  public void limit(int bytes) {
    limit = bytes;
  }

  /**
   * Returns the next frame that has already been read; null if more bytes are needed.
   *
   * @throws LinkException if the bytes are not a frame
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
      throw new LinkException("a frame of " + length + " bytes; must be at most " + limit);
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
   * @return number of bytes read: 0 if a non-blocking channel has none, -1 at the end
   */
  public int fill() throws IOException {
    makeRoom();
    return channel.read(buffer);
  }

  /** Whether the last {@link #fill} read all available bytes, because it had more room. */
  public boolean hasEmptied() {
    return buffer.hasRemaining();
  }

  /**
   * Waits for the next frame; for a blocking channel.
   *
   * @return null if the channel ends between two frames
   * @throws EOFException if it ends inside a frame
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

  /** The buffer grows with the bytes received, never with the announced length. */
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

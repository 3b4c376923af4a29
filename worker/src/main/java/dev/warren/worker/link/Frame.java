package dev.warren.worker.link;

import dev.warren.json.Json;
import dev.warren.json.Lines;
import dev.warren.task.Payload;
import java.nio.ByteBuffer;
import tools.jackson.core.JacksonException;

/**
 * One frame: on the wire a length (4 bytes, big endian, of all that follows), a type byte, and the
 * payload. Immutable.
 *
 * @param payload header line and, for some types, lines after it
 */
public record Frame(FrameType type, Payload payload) {
  /** Longest frame, in bytes; a longer length is taken for garbage. */
  public static final int MAX_LENGTH = 256 * 1024 * 1024;

  /** A frame with a header and nothing after it. */
  public static Frame of(FrameType type, Object header) {
    return new Frame(type, Json.write(header));
  }

  /** A frame with a header and lines after it. */
  public static Frame of(FrameType type, Object header, Payload lines) {
    byte[] head = Json.write(header).toBytes();
    byte[] all = new byte[head.length + 1 + lines.length()];
    System.arraycopy(head, 0, all, 0, head.length);
    all[head.length] = '\n';
    System.arraycopy(lines.array(), lines.offset(), all, head.length + 1, lines.length());
    return new Frame(type, Payload.of(all));
  }

  /**
   * The header, read as {@code type}.
   *
   * @throws LinkException where it is not that
   */
  public <T> T header(Class<T> headerType) {
    int end = payload.indexOf((byte) '\n', 0);
    try {
      return Json.read(end < 0 ? payload : payload.slice(0, end), headerType);
    } catch (JacksonException e) {
      throw new LinkException("bad header in a " + type + " frame: " + e.getMessage(), e);
    }
  }

  /** The lines after the header; empty where there are none. */
  public Payload body() {
    int end = payload.indexOf((byte) '\n', 0);
    return end < 0 ? Payload.EMPTY : payload.slice(end + 1, payload.length());
  }

  /** The lines after the header, cut. */
  public Lines lines() {
    return Lines.split(body());
  }

  /** The frame as it goes over the wire, ready to be written. */
  public ByteBuffer toBuffer() {
    ByteBuffer buffer = ByteBuffer.allocate(5 + payload.length());
    buffer.put(type.prefix(payload.length()));
    buffer.put(payload.array(), payload.offset(), payload.length());
    return buffer.flip();
  }
}

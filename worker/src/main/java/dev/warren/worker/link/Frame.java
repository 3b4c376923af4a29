package dev.warren.worker.link;

import dev.warren.json.Json;
import dev.warren.json.Lines;
import dev.warren.task.Payload;
import java.nio.ByteBuffer;
import tools.jackson.core.JacksonException;

/**
 * One frame. On the wire: a length (4 bytes, big endian, of everything that follows), a type byte,
 * and the payload. Immutable.
 *
 * @param payload the header line and, for some types, further lines
 */
public record Frame(FrameType type, Payload payload) {
  /** Maximum length of a frame, in bytes; a larger value is treated as garbage. */
  public static final int MAX_LENGTH = 256 * 1024 * 1024;

  /** Creates a frame with a header only. */
  public static Frame of(FrameType type, Object header) {
    return new Frame(type, Json.write(header));
  }

  /** Creates a frame with a header and further lines. */
  public static Frame of(FrameType type, Object header, Payload lines) {
    byte[] head = Json.write(header).toBytes();
    byte[] all = new byte[head.length + 1 + lines.length()];
    System.arraycopy(head, 0, all, 0, head.length);
    all[head.length] = '\n';
    System.arraycopy(lines.array(), lines.offset(), all, head.length + 1, lines.length());
    return new Frame(type, Payload.of(all));
  }

  /**
   * Parses the header as {@code headerType}.
   *
   * @throws LinkException if it is malformed
   */
  public <T> T header(Class<T> headerType) {
    int end = payload.indexOf((byte) '\n', 0);
    try {
      return Json.read(end < 0 ? payload : payload.slice(0, end), headerType);
    } catch (JacksonException e) {
      throw new LinkException("bad header in a " + type + " frame: " + e.getMessage(), e);
    }
  }

  /** The lines after the header as one payload; empty if there are none. */
  public Payload body() {
    int end = payload.indexOf((byte) '\n', 0);
    return end < 0 ? Payload.EMPTY : payload.slice(end + 1, payload.length());
  }

  /** The lines after the header. */
  public Lines lines() {
    return Lines.split(body());
  }

  /** The encoded frame, ready to be written. */
  public ByteBuffer toBuffer() {
    ByteBuffer buffer = ByteBuffer.allocate(5 + payload.length());
    buffer.put(type.prefix(payload.length()));
    buffer.put(payload.array(), payload.offset(), payload.length());
    return buffer.flip();
  }
}

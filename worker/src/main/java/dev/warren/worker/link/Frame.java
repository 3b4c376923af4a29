package dev.warren.worker.link;

import dev.warren.json.Lines;
import dev.warren.task.Payload;
import java.nio.ByteBuffer;

/**
 * One frame. On the wire: a length (4 bytes, big endian, of everything that follows), a type byte,
 * and the payload. Immutable.
 *
 * @param payload the header line and, for some types, further lines
 */
public record Frame(FrameType type, Payload payload) {
  /** Maximum length of a frame, in bytes; a larger value is treated as garbage. */
  public static final int MAX_LENGTH = 256 * 1024 * 1024;

  private static final Payload NO_FIELDS = Payload.of("{}");

  /** Creates a frame whose header has no fields. */
  public static Frame empty(FrameType type) {
    return new Frame(type, NO_FIELDS);
  }

  /** The header, a JSON object on one line. */
  Payload header() {
    int end = payload.indexOf((byte) '\n', 0);
    return end < 0 ? payload : payload.slice(0, end);
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

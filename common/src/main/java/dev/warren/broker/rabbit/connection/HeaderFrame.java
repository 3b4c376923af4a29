package dev.warren.broker.rabbit.connection;

import dev.warren.wire.Headers;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The payload of one AMQP content-header frame (a message's properties and headers), checked before
 * RabbitMQ's client decodes it. The client closes the whole connection over a header that it cannot
 * decode, so such a header is replaced by a readable one that states the defect; the message's body
 * and its other properties are kept. Called by {@link InboundFrames} on the client's reading
 * thread; confined to it.
 *
 * <p>The rules are a subset of what every supported version of the client decodes. A check is one
 * pass over the headers' types and lengths and allocates nothing per header.
 */
final class HeaderFrame {
  /** Maximum nesting of tables and lists. The client fails at 32, or with a stack overflow. */
  static final int DEEPEST = 16;

  /**
   * Maximum number of values in all tables and lists of one message. Each costs a consumer about
   * 100 bytes.
   */
  static final int MAX_VALUES = 2000;

  /** Header of the replacement that states why the original could not be read. */
  private static final String REASON = Headers.UNREADABLE;

  private static final String DIGEST = "warren-unreadable-digest";

  /** Offset of the property flags, after class id, weight and body size. */
  private static final int FLAGS_AT = 12;

  private static final int BASIC = 60;
  private static final int FIRST_FLAG = 15;
  private static final int LAST_FLAG = 2;
  private static final int HEADERS_FLAG = 13;

  private final byte[] bytes;
  private final int end;
  private int at;
  private int values;
  private @Nullable String defect;

  private HeaderFrame(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.at = from;
    this.end = to;
  }

  /** Describes what the client cannot decode in the payload; null if it can decode it. */
  static @Nullable String defect(byte[] bytes, int from, int to) {
    HeaderFrame frame = new HeaderFrame(bytes, from, to);
    frame.check();
    return frame.defect;
  }

  /**
   * Builds a payload that the client can decode, with the same body size and properties. Its only
   * headers are the reason and a digest that distinguishes such messages.
   */
  static byte[] replacement(byte[] bytes, int from, int to, String reason) {
    return new HeaderFrame(bytes, from, to).replaced(reason);
  }

  private void check() {
    if (end - at < FLAGS_AT + 2) {
      defect = "its properties are cut off";
      return;
    }
    if (unsignedShort(at) != BASIC) {
      return; // not a message: left to the client
    }
    int flags = unsignedShort(at + FLAGS_AT);
    at += FLAGS_AT + 2;
    if ((flags & ((1 << LAST_FLAG) - 1)) != 0) {
      defect = "it has properties that AMQP 0-9-1 does not know";
    }
    for (int flag = FIRST_FLAG; flag >= LAST_FLAG && defect == null; flag--) {
      if ((flags & (1 << flag)) != 0) {
        property(flag);
      }
    }
  }

  private void property(int flag) {
    switch (flag) {
      case HEADERS_FLAG -> table(1, end);
      case 12, 11 -> skip(1, end);
      case 6 -> skip(8, end);
      default -> shortText(end);
    }
    if (defect != null && flag != HEADERS_FLAG) {
      defect = "its properties are cut off";
    }
  }

  private void table(int depth, int limit) {
    int tableEnd = nested(depth, limit);
    while (defect == null && at < tableEnd) {
      shortText(tableEnd);
      value(depth, tableEnd);
    }
  }

  private void list(int depth, int limit) {
    int listEnd = nested(depth, limit);
    while (defect == null && at < listEnd) {
      value(depth, listEnd);
    }
  }

  /** Reads the length of a table or list; returns the offset of its end. */
  private int nested(int depth, int limit) {
    if (depth > DEEPEST) {
      defect = "its headers are nested more than " + DEEPEST + " levels deep";
      return at;
    }
    long length = length(limit);
    if (defect == null && length > limit - at) {
      defect = "its headers are cut off";
    }
    return defect == null ? at + (int) length : at;
  }

  private void value(int depth, int limit) {
    if (defect != null) {
      return;
    }
    if (++values > MAX_VALUES) {
      defect = "it has more than " + MAX_VALUES + " headers";
      return;
    }
    if (at >= limit) {
      defect = "its headers are cut off";
      return;
    }
    int type = bytes[at++];
    switch (type) {
      case 'S', 'x' -> skip(length(limit), limit);
      case 'F' -> table(depth + 1, limit);
      case 'A' -> list(depth + 1, limit);
      case 'l', 'd', 'T' -> skip(8, limit);
      case 'D' -> skip(5, limit);
      case 'I', 'i', 'f' -> skip(4, limit);
      case 's', 'u' -> skip(2, limit);
      case 'b', 'B', 't' -> skip(1, limit);
      case 'V' -> {}
      default -> defect = "it has a header of an unknown type (" + (type & 0xff) + ")";
    }
  }

  private void shortText(int limit) {
    if (at >= limit) {
      defect = "its headers are cut off";
      return;
    }
    int length = bytes[at] & 0xff;
    at++;
    skip(length, limit);
  }

  private long length(int limit) {
    if (limit - at < 4) {
      defect = "its headers are cut off";
      return 0;
    }
    long length = (long) unsignedShort(at) << 16 | unsignedShort(at + 2);
    at += 4;
    return length;
  }

  private void skip(long count, int limit) {
    if (count > limit - at) {
      defect = defect == null ? "its headers are cut off" : defect;
    } else {
      at += (int) count;
    }
  }

  private int unsignedShort(int position) {
    return (bytes[position] & 0xff) << 8 | (bytes[position + 1] & 0xff);
  }

  // ---- building the replacement

  private byte[] replaced(String reason) {
    int start = at;
    ByteArrayOutputStream properties = new ByteArrayOutputStream(256);
    int kept = 1 << HEADERS_FLAG;
    boolean whole = end - start >= FLAGS_AT + 2;
    int flags = whole ? unsignedShort(start + FLAGS_AT) : 0;
    at = start + FLAGS_AT + 2;
    for (int flag = FIRST_FLAG; flag >= LAST_FLAG; flag--) {
      if (flag == HEADERS_FLAG) {
        properties.writeBytes(reasonTable(reason, start));
        skipHeaders((flags & (1 << flag)) != 0);
      } else if ((flags & (1 << flag)) != 0 && defect == null) {
        int from = at;
        property(flag);
        if (defect == null) {
          properties.write(bytes, from, at - from);
          kept |= 1 << flag;
        }
      }
    }
    ByteBuffer frame = ByteBuffer.allocate(FLAGS_AT + 2 + properties.size());
    frame.put(bytes, start, Math.min(FLAGS_AT, end - start)).position(FLAGS_AT);
    return frame.putShort((short) kept).put(properties.toByteArray()).array();
  }

  private void skipHeaders(boolean present) {
    if (present && defect == null) {
      skip(length(end), end);
    }
  }

  private byte[] reasonTable(String reason, int start) {
    ByteArrayOutputStream table = new ByteArrayOutputStream();
    text(table, REASON, reason);
    text(table, DIGEST, digest(start));
    return ByteBuffer.allocate(4 + table.size())
        .putInt(table.size())
        .put(table.toByteArray())
        .array();
  }

  private static void text(ByteArrayOutputStream table, String name, String value) {
    byte[] text = value.getBytes(StandardCharsets.UTF_8);
    table.write(name.length());
    table.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
    table.write('S');
    table.writeBytes(ByteBuffer.allocate(4).putInt(text.length).array());
    table.writeBytes(text);
  }

  private String digest(int start) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(bytes, start, end - start);
      return HexFormat.of().formatHex(digest.digest(), 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}

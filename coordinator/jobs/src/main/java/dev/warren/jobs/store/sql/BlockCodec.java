package dev.warren.jobs.store.sql;

import dev.warren.json.Lines;
import dev.warren.task.Payload;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Lines as the body of an input block: a format byte, the length of the lines in four bytes, then
 * the lines, each with a line feed, as they are or deflated. Stateless.
 */
final class BlockCodec {
  private static final int HEADER = 5;
  private static final byte PLAIN = 0;
  private static final byte DEFLATED = 1;

  private BlockCodec() {}

  /**
   * Compresses the lines, unless that makes them longer.
   *
   * @param count their number
   * @throws IllegalArgumentException if one of them contains a line feed
   */
  static byte[] encode(Payload lines, int count) {
    if (Lines.split(lines, count).count() != count) {
      throw new IllegalArgumentException("a line contains a line feed");
    }
    byte[] body = new byte[HEADER + lines.length()];
    int length = deflate(lines, body);
    byte format = DEFLATED;
    if (length < 0) {
      System.arraycopy(lines.array(), lines.offset(), body, HEADER, lines.length());
      length = lines.length();
      format = PLAIN;
    }
    body[0] = format;
    for (int i = 0; i < 4; i++) {
      body[1 + i] = (byte) (lines.length() >>> (8 * i));
    }
    return length == lines.length() ? body : Arrays.copyOf(body, HEADER + length);
  }

  /** Returns the compressed length; -1 if it is not shorter. */
  private static int deflate(Payload lines, byte[] body) {
    Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    try {
      deflater.setInput(lines.array(), lines.offset(), lines.length());
      deflater.finish();
      int length = deflater.deflate(body, HEADER, lines.length());
      return deflater.finished() && length < lines.length() ? length : -1;
    } finally {
      deflater.end();
    }
  }

  /**
   * Returns the lines.
   *
   * @param count their number
   * @throws IllegalArgumentException if the body is damaged
   */
  static Lines decode(byte[] body, int count) {
    Lines lines = Lines.split(plain(body), count);
    if (lines.count() != count) {
      throw new IllegalArgumentException(
          "an input block has " + lines.count() + " lines instead of " + count);
    }
    return lines;
  }

  private static Payload plain(byte[] body) {
    if (body.length < HEADER || (body[0] != PLAIN && body[0] != DEFLATED)) {
      throw new IllegalArgumentException("an input block has an unknown format");
    }
    if (body[0] == PLAIN) {
      return Payload.of(body, HEADER, body.length - HEADER);
    }
    int length = 0;
    for (int i = 0; i < 4; i++) {
      length |= (body[1 + i] & 0xff) << (8 * i);
    }
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(body, HEADER, body.length - HEADER);
      byte[] lines = new byte[length];
      int inflated = inflater.inflate(lines);
      if (inflated != length) {
        throw new IllegalArgumentException(
            "an input block has " + inflated + " bytes instead of " + length);
      }
      return Payload.of(lines);
    } catch (DataFormatException e) {
      throw new IllegalArgumentException("an input block is damaged", e);
    } finally {
      inflater.end();
    }
  }
}

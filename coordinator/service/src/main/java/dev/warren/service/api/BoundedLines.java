package dev.warren.service.api;

import dev.warren.service.http.Problem;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.eclipse.jetty.http.HttpStatus;

/**
 * A stream whose lines have a maximum length, because its reader holds each line in memory.
 * Confined to one thread.
 */
final class BoundedLines extends FilterInputStream {
  private final int max;
  private final String why;
  private long line = 1;
  private long length;

  /**
   * Creates a stream.
   *
   * @param max maximum number of bytes of a line
   * @param why ends the sentence that refuses a longer one
   */
  BoundedLines(InputStream in, int max, String why) {
    super(in);
    this.max = max;
    this.why = why;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] to, int offset, int count) throws IOException {
    int read = in.read(to, offset, count);
    for (int i = offset; i < offset + read; i++) {
      if (to[i] == '\n') {
        line++;
        length = 0;
      } else if (++length > max) {
        throw new Problem(
            HttpStatus.PAYLOAD_TOO_LARGE_413,
            "line " + line + " has more than " + max + " bytes, " + why);
      }
    }
    return read;
  }
}

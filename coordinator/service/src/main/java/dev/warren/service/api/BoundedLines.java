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
  private long line = 1;
  private long length;

  /**
   * Creates a stream.
   *
   * @param max maximum number of bytes of a line
   */
  BoundedLines(InputStream in, int max) {
    super(in);
    this.max = max;
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
            "line " + line + " has more than " + max + " bytes, which the broker does not accept");
      }
    }
    return read;
  }
}

package dev.warren.service.http;

import dev.warren.lifecycle.TimeSource;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.eclipse.jetty.http.HttpStatus;

/**
 * The body of a request, given up if it is too long or comes too slowly. Confined to one thread.
 */
public final class UploadStream extends FilterInputStream {
  /** How much of a refused body is read on. */
  static final long DISCARD_BYTES = 256L << 20;

  /** How long a refused body is read on. */
  private static final long DISCARD_NANOS = Duration.ofSeconds(5).toNanos();

  /** The first reads may wait this long altogether. */
  private static final long PATIENCE = Duration.ofSeconds(30).toNanos();

  /** Minimum rate after that, in bytes per second of waiting. */
  private static final long SLOWEST = 1000;

  private static final int BUFFER = 64 * 1024;

  private final long max;
  private final TimeSource time;
  private long bytes;
  private long waited;

  /**
   * Creates a stream.
   *
   * @param max maximum number of bytes
   */
  public UploadStream(InputStream body, long max) {
    this(body, max, TimeSource.SYSTEM);
  }

  UploadStream(InputStream body, long max, TimeSource time) {
    super(body);
    this.max = max;
    this.time = time;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] to, int offset, int length) throws IOException {
    long start = time.nanos();
    int read = in.read(to, offset, length);
    waited += time.nanos() - start;
    if (read > 0) {
      bytes += read;
      check();
    }
    return read;
  }

  private void check() {
    if (bytes > max) {
      throw new Problem(
          HttpStatus.PAYLOAD_TOO_LARGE_413, "the input has more than " + max + " bytes, the limit");
    }
    if (waited > PATIENCE && bytes < (waited - PATIENCE) / 1e9 * SLOWEST) {
      throw new Problem(
          HttpStatus.REQUEST_TIMEOUT_408,
          "the input came too slowly: " + bytes + " bytes in " + waited / 1_000_000_000 + " s");
    }
  }

  /** Reads on to the end, for a few seconds at most. */
  void discard() throws IOException {
    byte[] buffer = new byte[BUFFER];
    long start = time.nanos();
    while (time.nanos() - start < DISCARD_NANOS && read(buffer, 0, buffer.length) >= 0) {
      // the rest of a refused request
    }
  }
}

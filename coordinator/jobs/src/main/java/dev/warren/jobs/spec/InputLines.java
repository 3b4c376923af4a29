package dev.warren.jobs.spec;

import dev.warren.task.Payload;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Splits a stream into lines, without their line ends. Confined to one thread, except for the byte
 * count.
 */
public final class InputLines implements Closeable {
  private final InputStream in;
  private byte[] buffer = new byte[64 * 1024];
  private int start;
  private int end;
  private boolean ended;
  private long number;
  private final AtomicLong bytes = new AtomicLong(); // read by the thread that shows progress

  public InputLines(InputStream in) {
    this.in = in;
  }

  /** Returns the next line; null at the end. */
  public @Nullable Payload next() throws IOException {
    int scan = start;
    while (true) {
      for (; scan < end; scan++) {
        if (buffer[scan] == '\n') {
          return line(scan, scan + 1);
        }
      }
      if (ended) {
        return start == end ? null : line(end, end);
      }
      scan -= makeRoom();
      int read = in.read(buffer, end, buffer.length - end);
      ended = read < 0;
      if (read > 0) {
        end += read;
        bytes.addAndGet(read);
      }
    }
  }

  /** Number of the last line returned by {@link #next()}, from 1. */
  public long number() {
    return number;
  }

  /** Number of bytes read so far. */
  public long bytes() {
    return bytes.get();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private Payload line(int stop, int next) {
    int from = start;
    int to = stop > start && buffer[stop - 1] == '\r' ? stop - 1 : stop;
    if (number == 0 && startsWithMark()) {
      from += 3;
    }
    number++;
    start = next;
    return Payload.of(Arrays.copyOfRange(buffer, from, Math.max(from, to)));
  }

  /** Whether the input begins with a UTF-8 byte order mark, which some editors write. */
  private boolean startsWithMark() {
    return end - start >= 3
        && buffer[start] == (byte) 0xEF
        && buffer[start + 1] == (byte) 0xBB
        && buffer[start + 2] == (byte) 0xBF;
  }

  /**
   * Moves the remaining bytes to the front, or grows the buffer; returns how far they were moved.
   */
  private int makeRoom() {
    if (end < buffer.length) {
      return 0;
    }
    int moved = start;
    byte[] target = moved > 0 ? buffer : new byte[Math.multiplyExact(buffer.length, 2)];
    System.arraycopy(buffer, start, target, 0, end - start);
    buffer = target;
    end -= start;
    start = 0;
    return moved;
  }
}

package dev.warren.broker.rabbit.connection;

import dev.warren.lifecycle.Logs;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * The bytes that a broker sends on one connection, read by RabbitMQ's client through this stream.
 * Each content-header frame is checked by {@link HeaderFrame}; a frame that would make the client
 * close the connection is replaced by a readable one. All other frames, and anything that does not
 * look like AMQP 0-9-1, pass unchanged and unchecked. Confined to the client's reading thread.
 */
final class InboundFrames extends FilterInputStream {
  private static final Logger log = Logs.of(InboundFrames.class);

  /**
   * Bytes of a frame's header: type, channel and payload length. One end byte follows the payload.
   */
  private static final int FRAME_HEADER = 7;

  private static final int METHOD = 1;
  private static final int CONTENT_HEADER = 2;
  private static final int BODY = 3;
  private static final int HEARTBEAT = 8;

  /** Larger header frames pass unchecked. RabbitMQ's frames have up to 128 KiB. */
  private static final int LARGEST_HEADER = 1 << 20;

  private byte[] buffer = new byte[32 * 1024];
  // bytes [from, checked) may be read by the client, [checked, to) are not checked yet
  private int from;
  private int checked;
  private int to;
  // remaining bytes of the current frame that pass unchecked
  private long passing;
  private boolean foreign;

  InboundFrames(InputStream in) {
    super(in);
  }

  @Override
  public int read() throws IOException {
    return fill() ? buffer[from++] & 0xff : -1;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int count = Math.min(length, checked - from);
    System.arraycopy(buffer, from, target, offset, count);
    from += count;
    return count;
  }

  @Override
  public long skip(long count) throws IOException {
    if (count <= 0 || !fill()) {
      return 0;
    }
    int skipped = (int) Math.min(count, checked - from);
    from += skipped;
    return skipped;
  }

  @Override
  public int available() {
    return checked - from;
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  /** Blocks until a byte can be read; returns false at the end of the stream. */
  private boolean fill() throws IOException {
    while (from == checked) {
      makeRoom();
      int count = in.read(buffer, to, buffer.length - to);
      if (count < 0) {
        checked = to; // an incomplete frame: the client reports it
        return from < checked;
      }
      to += count;
      look();
    }
    return true;
  }

  private void makeRoom() {
    if (from > 0) {
      System.arraycopy(buffer, from, buffer, 0, to - from);
      to -= from;
      checked -= from;
      from = 0;
    }
    if (to == buffer.length) {
      buffer = Arrays.copyOf(buffer, buffer.length * 2);
    }
  }

  /** Advances {@link #checked} over everything that may pass. */
  private void look() {
    while (checked < to) {
      if (passing > 0 || foreign) {
        int pass = foreign ? to - checked : (int) Math.min(passing, to - checked);
        checked += pass;
        passing -= pass;
      } else if (!isFrame(buffer[checked])) {
        foreign = true;
      } else if (to - checked < FRAME_HEADER || !frame()) {
        return;
      }
    }
  }

  private static boolean isFrame(int type) {
    return type == METHOD || type == CONTENT_HEADER || type == BODY || type == HEARTBEAT;
  }

  /**
   * Checks the frame that begins at {@link #checked}; returns false if it has not arrived
   * completely.
   */
  private boolean frame() {
    int type = buffer[checked];
    long length = ByteBuffer.wrap(buffer).getInt(checked + 3) & 0xffffffffL;
    if (type != CONTENT_HEADER || length > LARGEST_HEADER) {
      passing = FRAME_HEADER + length + 1;
    } else if (to - checked < FRAME_HEADER + length + 1) {
      return false;
    } else {
      header((int) length);
    }
    return true;
  }

  private void header(int length) {
    int payload = checked + FRAME_HEADER;
    String defect = HeaderFrame.defect(buffer, payload, payload + length);
    if (defect == null) {
      checked += FRAME_HEADER + length + 1;
    } else {
      log.debug("replacing a message header that the client cannot decode: {}", defect);
      replace(payload, length, defect);
    }
  }

  private void replace(int payload, int length, @Nullable String defect) {
    byte[] better =
        HeaderFrame.replacement(buffer, payload, payload + length, String.valueOf(defect));
    int more = better.length - length;
    if (to + more > buffer.length) {
      buffer = Arrays.copyOf(buffer, buffer.length + more + 1024);
    }
    System.arraycopy(
        buffer, payload + length, buffer, payload + better.length, to - payload - length);
    System.arraycopy(better, 0, buffer, payload, better.length);
    ByteBuffer.wrap(buffer).putInt(checked + 3, better.length);
    to += more;
    checked = payload + better.length + 1;
  }
}

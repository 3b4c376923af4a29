package dev.warren.worker.link;

import dev.warren.json.LineBuffer;
import dev.warren.task.Payload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Queues frames for a channel that may accept only part of them at a time. Consecutive frames are
 * written together. Confined to one thread.
 */
public final class FrameWriter {
  private static final int BATCH_BYTES = 128 * 1024;

  // full buffers; the first may be partly written
  private final ArrayDeque<ByteBuffer> closed = new ArrayDeque<>();
  private LineBuffer open = batch(0);

  /** Adds a frame at the end. */
  public void add(Frame frame) {
    LineBuffer to = open(5L + frame.payload().length());
    to.write(frame.type().prefix(frame.payload().length()));
    to.write(frame.payload());
  }

  /**
   * Adds a CALLS frame at the end.
   *
   * @param captured JSON array of captured arguments; null for none
   * @param lines arguments, one line per call
   */
  public void add(CallsHeader header, @Nullable Payload captured, Payload lines) {
    LineBuffer head = new LineBuffer(256, Integer.MAX_VALUE);
    header.writeTo(head);
    head.write('\n');
    if (captured != null) {
      head.write(captured);
      head.write('\n');
    }
    int payload = Math.toIntExact(head.size() + lines.length());
    LineBuffer to = open(5L + payload);
    to.write(FrameType.CALLS.prefix(payload));
    to.write(head.array(), 0, (int) head.size());
    to.write(lines);
  }

  private LineBuffer open(long more) {
    if (open.size() > 0 && open.size() + more > BATCH_BYTES) {
      close(more);
    }
    return open;
  }

  private void close(long next) {
    closed.add(open.toPayload().toBuffer());
    open = batch(next);
  }

  private static LineBuffer batch(long bytes) {
    return new LineBuffer(
        (int) Math.max(1024, Math.min(bytes, Frame.MAX_LENGTH)), Integer.MAX_VALUE);
  }

  /** Writes as much as the channel accepts; returns whether everything was written. */
  public boolean writeTo(WritableByteChannel channel) throws IOException {
    if (open.size() > 0) {
      close(0);
    }
    while (!closed.isEmpty()) {
      ByteBuffer first = closed.element();
      channel.write(first);
      if (first.hasRemaining()) {
        return false;
      }
      closed.remove();
    }
    return true;
  }

  /** Discards everything that is not written. */
  public void clear() {
    closed.clear();
    open.clear();
  }
}

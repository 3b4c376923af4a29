package dev.warren.worker.child.loop;

import dev.warren.json.LineBuffer;
import dev.warren.worker.link.Frame;
import dev.warren.worker.link.FrameType;
import dev.warren.worker.link.OutcomesHeader;
import java.nio.ByteBuffer;

/**
 * Frames waiting to be sent. Outcomes of consecutive calls of one task share a frame, which stays
 * open until another frame is added. Guarded by {@link CallQueue}'s lock.
 */
final class OutcomeBuffer {
  private final LineBuffer frames = new LineBuffer(64 * 1024, Integer.MAX_VALUE);

  // the open OUTCOMES frame: its lines, and the values for its header
  private final LineBuffer lines = new LineBuffer(64 * 1024, Integer.MAX_VALUE);
  private final LineBuffer header = new LineBuffer(128, Integer.MAX_VALUE);
  private long task;
  private int from;
  private int count;
  private long busyNanos;

  /** Adds one outcome line. */
  void outcome(long ofTask, int index, long busy, byte[] line, int length) {
    if (count > 0 && (ofTask != task || index != from + count)) {
      closeOutcomes();
    }
    if (count == 0) {
      task = ofTask;
      from = index;
      busyNanos = 0;
    } else {
      lines.write('\n');
    }
    lines.write(line, 0, length);
    busyNanos += busy;
    count++;
  }

  /** Adds a frame after all earlier ones. */
  void frame(Frame frame) {
    closeOutcomes();
    prefix(frame.type(), frame.payload().length());
    frames.write(frame.payload());
  }

  boolean isEmpty() {
    return size() == 0;
  }

  long size() {
    return frames.size() + lines.size();
  }

  /** Completes and returns all frames; valid until {@link #clear()}. */
  ByteBuffer toBuffer() {
    closeOutcomes();
    return ByteBuffer.wrap(frames.array(), 0, (int) frames.size());
  }

  /** Discards everything. */
  void clear() {
    frames.clear();
    lines.clear();
    count = 0;
  }

  private void closeOutcomes() {
    if (count == 0) {
      return;
    }
    new OutcomesHeader(task, from, count, busyNanos / 1000).writeTo(header);
    header.write('\n');
    prefix(FrameType.OUTCOMES, (int) (header.size() + lines.size()));
    frames.write(header.array(), 0, (int) header.size());
    header.clear();
    frames.write(lines.array(), 0, (int) lines.size());
    lines.clear();
    count = 0;
  }

  private void prefix(FrameType type, int payloadLength) {
    frames.write(type.prefix(payloadLength));
  }
}

package dev.warren.worker.link;

import dev.warren.json.LineBuffer;
import dev.warren.task.Payload;

/**
 * The header of an OUTCOMES frame: outcomes of consecutive calls of one task. Immutable.
 *
 * @param task number of the task, assigned by the supervisor
 * @param from position of the first of these calls in the task
 * @param count number of lines that follow
 * @param busyMicros total time spent in these calls
 */
public record OutcomesHeader(long task, int from, int count, long busyMicros) {
  private static final HeaderFormat FORMAT =
      new HeaderFormat("task", "from", "count", "busyMicros");

  /**
   * Parses the header of an OUTCOMES frame.
   *
   * @throws LinkException if it is malformed
   */
  public static OutcomesHeader read(Frame frame) {
    HeaderReader header = FORMAT.read(frame);
    return new OutcomesHeader(
        header.number(), header.smallNumber(), header.smallNumber(), header.number());
  }

  /** Writes the header at the end of a buffer. */
  public void writeTo(LineBuffer out) {
    write(FORMAT.write(out)).end();
  }

  /**
   * Creates a frame.
   *
   * @param lines one outcome per line
   */
  public Frame frame(Payload lines) {
    return write(FORMAT.write()).frame(FrameType.OUTCOMES, lines);
  }

  private HeaderWriter write(HeaderWriter header) {
    return header.number(task).number(from).number(count).number(busyMicros);
  }
}

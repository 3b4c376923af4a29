package dev.warren.worker.link;

/**
 * Identifies one call of one task; the header of RUNNING and INTERRUPT frames. Immutable.
 *
 * @param task number of the task, assigned by the supervisor
 * @param index position of the call in the task
 * @param ranMicros how long it has been running (RUNNING frames); otherwise 0
 */
public record CallMark(long task, int index, long ranMicros) {
  private static final HeaderFormat FORMAT = new HeaderFormat("task", "index", "ranMicros");

  /**
   * Parses the header of a RUNNING or INTERRUPT frame.
   *
   * @throws LinkException if it is malformed
   */
  public static CallMark read(Frame frame) {
    HeaderReader header = FORMAT.read(frame);
    return new CallMark(header.number(), header.smallNumber(), header.number());
  }

  /** The frame by which a child reports that the call is running. */
  public Frame running() {
    return write().frame(FrameType.RUNNING);
  }

  /** The frame that interrupts the call. */
  public Frame interrupt() {
    return write().frame(FrameType.INTERRUPT);
  }

  private HeaderWriter write() {
    return FORMAT.write().number(task).number(index).number(ranMicros);
  }
}

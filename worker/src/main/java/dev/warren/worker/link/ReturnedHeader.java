package dev.warren.worker.link;

/**
 * The header of a RETURNED frame: consecutive calls of one task that a child returns unbegun. Of
 * several such frames the one with the latest calls comes first. Immutable.
 *
 * @param task number of the task, assigned by the supervisor
 * @param from position of the first of these calls in the task
 * @param count number of calls
 */
public record ReturnedHeader(long task, int from, int count) {
  private static final HeaderFormat FORMAT = new HeaderFormat("task", "from", "count");

  /**
   * Parses the header of a RETURNED frame.
   *
   * @throws LinkException if it is malformed
   */
  public static ReturnedHeader read(Frame frame) {
    HeaderReader header = FORMAT.read(frame);
    return new ReturnedHeader(header.number(), header.smallNumber(), header.smallNumber());
  }

  public Frame frame() {
    return FORMAT.write().number(task).number(from).number(count).frame(FrameType.RETURNED);
  }
}

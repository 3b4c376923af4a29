package dev.warren.worker.link;

/**
 * Identifies one call of one task. Immutable.
 *
 * @param task number of the task, assigned by the supervisor
 * @param index position of the call in the task
 * @param ranMicros how long it has been running (RUNNING frames); otherwise 0
 */
public record CallMark(long task, int index, long ranMicros) {
  private static final HeaderTemplate FORM =
      new HeaderTemplate("{\"task\":#,\"index\":%,\"ranMicros\":#}");

  /**
   * Parses the header of a RUNNING frame.
   *
   * @throws LinkException if it is malformed
   */
  public static CallMark of(Frame frame) {
    PlainHeader header = FORM.read(frame);
    return header == null
        ? frame.header(CallMark.class)
        : new CallMark(header.number(), header.smallNumber(), header.number());
  }
}

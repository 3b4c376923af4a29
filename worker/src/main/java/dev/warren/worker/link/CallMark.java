package dev.warren.worker.link;

/**
 * Points at one call of one task.
 *
 * @param task number of the task within its supervisor
 * @param index position of the call in the task
 * @param ranMicros how long it has been running (RUNNING); 0 elsewhere
 */
public record CallMark(long task, int index, long ranMicros) {
  private static final HeaderTemplate FORM =
      new HeaderTemplate("{\"task\":#,\"index\":%,\"ranMicros\":#}");

  /**
   * Reads a RUNNING frame's header.
   *
   * @throws LinkException where it is not one
   */
  public static CallMark of(Frame frame) {
    PlainHeader header = FORM.read(frame);
    return header == null
        ? frame.header(CallMark.class)
        : new CallMark(header.number(), header.smallNumber(), header.number());
  }
}

package dev.warren.worker.link;

/**
 * Outcomes of consecutive calls of one task.
 *
 * @param task number of the task within its supervisor
 * @param from position of the first of these calls in the task
 * @param count how many lines follow
 * @param busyMicros time spent inside these calls, all together
 */
public record OutcomesHeader(long task, int from, int count, long busyMicros) {

  /** How a child writes it. */
  public static final HeaderTemplate FORM =
      new HeaderTemplate("{\"task\":#,\"from\":%,\"count\":%,\"busyMicros\":#}");

  /**
   * Reads an OUTCOMES frame's header.
   *
   * @throws LinkException where it is not one
   */
  public static OutcomesHeader of(Frame frame) {
    PlainHeader header = FORM.read(frame);
    return header == null
        ? frame.header(OutcomesHeader.class)
        : new OutcomesHeader(
            header.number(), header.smallNumber(), header.smallNumber(), header.number());
  }
}

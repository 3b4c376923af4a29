package dev.warren.worker.link;

/**
 * The header of an OUTCOMES frame: outcomes of consecutive calls of one task. Immutable.
 *
 * @param task number of the task, assigned by the supervisor
 * @param from position of the first of these calls in the task
 * @param count number of lines that follow
 * @param busyMicros total time spent in these calls
 */
public record OutcomesHeader(long task, int from, int count, long busyMicros) {

  /** The form in which children write it. */
  public static final HeaderTemplate FORM =
      new HeaderTemplate("{\"task\":#,\"from\":%,\"count\":%,\"busyMicros\":#}");

  /**
   * Parses the header of an OUTCOMES frame.
   *
   * @throws LinkException if it is malformed
   */
  public static OutcomesHeader of(Frame frame) {
    PlainHeader header = FORM.read(frame);
    return header == null
        ? frame.header(OutcomesHeader.class)
        : new OutcomesHeader(
            header.number(), header.smallNumber(), header.smallNumber(), header.number());
  }
}

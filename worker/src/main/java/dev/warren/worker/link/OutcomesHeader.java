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

  /**
   * Reads an OUTCOMES frame's header.
   *
   * @throws LinkException where it is not one
   */
  public static OutcomesHeader of(Frame frame) {
    PlainHeader header = new PlainHeader(frame);
    long task = header.take("{\"task\":").number();
    int from = header.take(",\"from\":").smallNumber();
    int count = header.take(",\"count\":").smallNumber();
    long busyMicros = header.take(",\"busyMicros\":").number();
    return header.take("}").ended()
        ? new OutcomesHeader(task, from, count, busyMicros)
        : frame.header(OutcomesHeader.class);
  }
}

package dev.warren.worker.link;

/**
 * Points at one call of one task.
 *
 * @param task number of the task within its supervisor
 * @param index position of the call in the task
 * @param ranMicros how long it has been running (RUNNING); 0 elsewhere
 */
public record CallMark(long task, int index, long ranMicros) {

  /**
   * Reads a RUNNING frame's header.
   *
   * @throws LinkException where it is not one
   */
  public static CallMark of(Frame frame) {
    PlainHeader header = new PlainHeader(frame);
    long task = header.take("{\"task\":").number();
    int index = header.take(",\"index\":").smallNumber();
    long ranMicros = header.take(",\"ranMicros\":").number();
    return header.take("}").ended()
        ? new CallMark(task, index, ranMicros)
        : frame.header(CallMark.class);
  }
}

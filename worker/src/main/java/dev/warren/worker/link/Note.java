package dev.warren.worker.link;

import org.jspecify.annotations.Nullable;

/**
 * A message of a running call to the supervisor. Immutable.
 *
 * @param task number of the task, assigned by the supervisor
 * @param index position of the call in the task
 * @param log a line for the log; null for none
 * @param progress progress of the call, 0 to 1; null for none
 * @param limit the time limit for which the child reports the call's stack: {@code soft}, which the
 *     call has just exceeded, or {@code hard}, which it is about to exceed; null for none
 * @param stack the call's stack, innermost frame first; null for none
 */
public record Note(
    long task,
    int index,
    @Nullable String log,
    @Nullable Double progress,
    @Nullable String limit,
    @Nullable String stack) {
  private static final HeaderFormat FORMAT =
      new HeaderFormat("task", "index", "log", "progress", "limit", "stack");

  /** Creates a note that a call has requested. */
  public static Note ofCall(long task, int index, @Nullable String log, @Nullable Double progress) {
    return new Note(task, index, log, progress, null, null);
  }

  /** Creates a note of a call's stack at a time limit. */
  public static Note ofStack(long task, int index, String limit, String stack) {
    return new Note(task, index, null, null, limit, stack);
  }

  /**
   * Parses the header of a NOTE frame.
   *
   * @throws LinkException if it is malformed
   */
  public static Note read(Frame frame) {
    HeaderReader header = FORMAT.read(frame);
    return new Note(
        header.number(),
        header.smallNumber(),
        header.textOrNull(),
        header.fraction(),
        header.textOrNull(),
        header.textOrNull());
  }

  public Frame frame() {
    return FORMAT
        .write()
        .number(task)
        .number(index)
        .text(log)
        .fraction(progress)
        .text(limit)
        .text(stack)
        .frame(FrameType.NOTE);
  }
}

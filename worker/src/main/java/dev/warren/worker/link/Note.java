package dev.warren.worker.link;

import org.jspecify.annotations.Nullable;

/**
 * Something a call wants said.
 *
 * @param task number of the task within its supervisor
 * @param index position of the call in the task
 * @param log a line for the log; null for none
 * @param progress how far the call is, 0 to 1; null for none
 * @param limit the limit for which the child tells where the call is: {@code soft}, which it has
 *     just passed, or {@code hard}, which it is about to pass; null for none
 * @param stack where the call is, innermost first; null for none
 */
public record Note(
    long task,
    int index,
    @Nullable String log,
    @Nullable Double progress,
    @Nullable String limit,
    @Nullable String stack) {

  /** One that a call asked for. */
  public static Note ofCall(long task, int index, @Nullable String log, @Nullable Double progress) {
    return new Note(task, index, log, progress, null, null);
  }
}

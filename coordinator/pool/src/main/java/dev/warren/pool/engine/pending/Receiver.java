package dev.warren.pool.engine.pending;

import dev.warren.json.Lines;
import dev.warren.task.Payload;

/**
 * Receives the outcomes of a job's calls, each exactly once. Called on threads of the broker and of
 * callers that cancel or terminate, so it must not block and must not run user code.
 */
public interface Receiver {

  /**
   * One call has ended.
   *
   * @param index index of the call in its job
   * @param line as in {@link dev.warren.wire.OutcomeLine}; not validated yet
   */
  void outcome(long index, Payload line);

  /**
   * Called before the outcomes of calls that workers ran, on the thread that then reports them.
   *
   * @param index index of the first call; the others follow
   */
  default void ran(long index, int calls, RanBy by) {}

  /**
   * Calls with consecutive indexes have ended, with lines {@code from} to {@code to} (exclusive).
   */
  default void outcomes(long index, Lines lines, int from, int to) {
    for (int i = from; i < to; i++) {
      outcome(index + i - from, lines.get(i));
    }
  }
}

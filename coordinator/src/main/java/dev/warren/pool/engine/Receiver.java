package dev.warren.pool.engine;

import dev.warren.task.Payload;
import dev.warren.wire.Lines;

/**
 * Where the outcomes of a job's calls go: each call exactly once. Called on threads of the broker
 * and of whoever cancels or terminates, so it must not block and must run no code of users.
 */
public interface Receiver {

  /**
   * How a call ended.
   *
   * @param index of the call in its job
   * @param line as in {@link dev.warren.wire.OutcomeLine}; not checked yet
   */
  void outcome(long index, Payload line);

  /** How calls with consecutive indexes ended: lines {@code from} to {@code to} (exclusive). */
  default void outcomes(long index, Lines lines, int from, int to) {
    for (int i = from; i < to; i++) {
      outcome(index + i - from, lines.get(i));
    }
  }
}

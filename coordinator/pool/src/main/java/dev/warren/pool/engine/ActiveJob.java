package dev.warren.pool.engine;

import dev.warren.task.Payload;

/** A job with an input that has not ended. */
public interface ActiveJob {

  /**
   * Ends the job early: it stops reading its input, and calls without an outcome end with {@code
   * line}.
   */
  void terminated(Payload line);

  /** There may be room for more of its results. */
  default void mayGoOn() {}

  /** A thread is waiting for the end of all jobs; called repeatedly while it waits. */
  default void joinedBy(Thread joining) {}
}

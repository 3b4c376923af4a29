package dev.warren.pool.engine;

import dev.warren.task.Payload;

/** A job with an input, while it has not ended. */
public interface OpenJob {

  /**
   * Ends the job early: it reads no more input, and what has no outcome yet ends with {@code line}.
   */
  void terminated(Payload line);

  /** There may be room for more of its results. */
  default void mayGoOn() {}

  /** A thread is waiting for the end of all jobs; told again every now and then. */
  default void joinedBy(Thread joining) {}
}

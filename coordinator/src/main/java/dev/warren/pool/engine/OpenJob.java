package dev.warren.pool.engine;

/** A job with an input, while it has not ended. */
public interface OpenJob {

  /** The pool was terminated: read no more input, end what has no outcome yet. */
  void terminated();

  /** A thread is about to wait for the end of all jobs. */
  default void joinedBy(Thread joining) {}
}

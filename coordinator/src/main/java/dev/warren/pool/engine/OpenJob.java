package dev.warren.pool.engine;

/** A job with an input, while it has not ended. */
public interface OpenJob {

  /** The pool was terminated: read no more input, end what has no outcome yet. */
  void terminated();

  /** There may be room for more of its results. */
  default void mayGoOn() {}

  /** A thread is waiting for the end of all jobs; told again every now and then. */
  default void joinedBy(Thread joining) {}
}

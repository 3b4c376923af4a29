package dev.warren.pool.engine.pending;

/** Receives the outcomes of a job with an input. */
public interface JobReceiver extends Receiver {

  /** The input has ended; the job has {@code count} calls. */
  void inputEnded(long count);

  /** The input threw an exception after {@code count} calls, which continue. */
  void inputFailed(long count, Throwable failure);
}

package dev.warren.pool.engine;

/** A receiver of the calls of a job with an input. */
public interface JobReceiver extends Receiver {

  /** The input has ended: the job has that many calls. */
  void inputEnded(long count);

  /** The input threw when {@code count} calls had been read; they go on. */
  void inputFailed(long count, Throwable failure);
}

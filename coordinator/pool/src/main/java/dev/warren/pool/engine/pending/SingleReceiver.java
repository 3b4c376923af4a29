package dev.warren.pool.engine.pending;

/** A receiver of one call, index 0, which may share a message with others. */
public interface SingleReceiver extends Receiver {

  /**
   * Called before the call is sent, with the task that carries it.
   *
   * @param index position of the call in the task
   * @return false if the call has already ended and must not be sent
   */
  boolean placed(PendingTask task, int index);
}

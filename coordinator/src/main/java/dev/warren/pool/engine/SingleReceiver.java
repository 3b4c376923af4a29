package dev.warren.pool.engine;

/** A receiver of one call, index 0, that may be merged with others into one message. */
public interface SingleReceiver extends Receiver {

  /**
   * Tells which task carries the call, before it is sent.
   *
   * @param index position of the call in the task
   * @return false if the call has ended meanwhile and must not be sent
   */
  boolean placed(Task task, int index);
}

package dev.warren.broker;

/** A consumer on a queue. Thread-safe. */
public interface Subscription {

  /**
   * Changes the maximum number of unsettled deliveries, 1 to {@link Broker#MAX_PREFETCH}, by
   * starting a new consumer. If the number grows, or the broker is far away, the present consumer
   * continues until the new one has started; for a moment the sum of both may be unsettled.
   */
  void prefetch(int newPrefetch);

  /**
   * Stops deliveries until {@link #prefetch} is called. Deliveries already made, or in flight, stay
   * valid. A reconnect ends the pause.
   *
   * @param paused run on a thread of the broker once nothing is in flight any more; must not block.
   *     It is not run if the connection is lost, if {@link #prefetch} is called first, or if the
   *     consumer is being replaced at this moment; then call again
   */
  void pause(Runnable paused);

  /**
   * Stops further deliveries. Those already made stay valid and must still be settled; those in
   * flight may still arrive. Does not block; idempotent.
   */
  void cancel();

  /** Whether it was cancelled and nothing is in flight any more. */
  boolean ended();
}

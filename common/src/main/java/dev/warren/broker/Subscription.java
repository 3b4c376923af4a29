package dev.warren.broker;

/** A consumer on a queue. Thread-safe. */
public interface Subscription {

  /**
   * Changes how many deliveries may be unsettled at once, 1 to {@link Broker#MOST_PREFETCH}, by
   * starting a new consumer. Where it grows, or the broker is far away, the present consumer goes
   * on until the new one has started, so for a moment as many as both allow may be unsettled.
   */
  void prefetch(int newPrefetch);

  /**
   * Has the broker deliver nothing more until {@link #prefetch} is called; deliveries already made
   * stay valid, and so do those on their way. A reconnect ends the pause.
   *
   * @param paused run on a thread of the broker once nothing is on its way any more; must not
   *     block; not run if the connection is lost, {@link #prefetch} is called before, or the
   *     consumer is being replaced at this moment: ask again then
   */
  void pause(Runnable paused);

  /**
   * Stops further deliveries; those already made stay valid and must still be settled. Deliveries
   * on their way may arrive for a moment. Does not block; idempotent.
   */
  void cancel();

  /** Whether it was cancelled and no delivery is on its way any more. */
  boolean ended();
}

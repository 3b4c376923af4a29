package dev.warren.broker;

/** A consumer on a queue. Thread-safe. */
public interface Subscription {

  /** Changes how many deliveries may be unsettled at once, 1 to 2000, by consuming anew. */
  void prefetch(int newPrefetch);

  /**
   * Stops further deliveries; those already made stay valid and must still be settled. Deliveries
   * on their way may arrive for a moment. Does not block; idempotent.
   */
  void cancel();

  /** Whether it was cancelled and no delivery is on its way any more. */
  boolean ended();
}

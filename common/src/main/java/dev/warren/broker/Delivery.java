package dev.warren.broker;

import dev.warren.wire.Message;

/**
 * One arrival of a message. Settle it exactly once. Settling it again does nothing, and neither
 * does settling it after its connection was lost (the broker then redelivers the message).
 * Thread-safe.
 */
public interface Delivery {

  Message message();

  /** Whether the broker has, or may have, delivered this message before. */
  boolean redelivered();

  /** Acknowledges the delivery. Does not block. */
  void ack();

  /** Returns the message to the queue, for redelivery to any consumer. Does not block. */
  void requeue();

  /** Whether the connection of this delivery is still open; if not, settling has no effect. */
  boolean live();
}

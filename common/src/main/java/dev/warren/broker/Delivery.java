package dev.warren.broker;

import dev.warren.wire.Message;

/**
 * One arrival of a message. Settle it exactly once; settling again, or after the connection that
 * brought it has gone (the broker then delivers the message again), does nothing. Thread-safe.
 */
public interface Delivery {

  Message message();

  /** Whether the broker has, or may have, delivered this message before. */
  boolean redelivered();

  /** Done with it. Does not block. */
  void ack();

  /** Back to the queue, to be delivered again to anyone. Does not block. */
  void requeue();

  /** Whether the connection that brought it still stands; if not, settling is of no effect. */
  boolean live();
}

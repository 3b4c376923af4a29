package dev.warren.broker;

/** Receives connection events. Called on a thread of the broker; must not block. */
public interface BrokerListener {
  /** A connection was lost. All its unsettled deliveries are void and will be redelivered. */
  default void disconnected(String reason) {}

  /** The connection is back; declarations, subscriptions and unconfirmed messages are restored. */
  default void reconnected() {}

  /** The broker has stopped reading from publishers (memory or disk alarm). */
  default void blocked(String reason) {}

  default void unblocked() {}
}

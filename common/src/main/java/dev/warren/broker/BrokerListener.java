package dev.warren.broker;

/** Hears what happens to the connection. Called on a thread of the broker; must not block. */
public interface BrokerListener {
  /** A connection was lost; all deliveries it brought are void and will come again. */
  default void disconnected(String reason) {}

  /** Connected again; declarations, subscriptions and unconfirmed messages have been restored. */
  default void reconnected() {}

  /** The broker stopped reading what is published (memory or disk alarm). */
  default void blocked(String reason) {}

  default void unblocked() {}
}

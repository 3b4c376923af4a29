package dev.warren.cluster;

/**
 * An event of a pool's workers or of the connection to the broker. Whoever receives events is
 * called on threads of the broker and must not block.
 */
public sealed interface ClusterEvent {
  /** A new worker was discovered; it can run {@code slots} calls at once. */
  record WorkerJoined(String worker, String host, int slots) implements ClusterEvent {}

  /**
   * A worker left.
   *
   * @param expected true if it announced its end, false if its heartbeats stopped
   */
  record WorkerLeft(String worker, String host, boolean expected) implements ClusterEvent {}

  /** The connection to the broker was lost. */
  record BrokerLost(String reason) implements ClusterEvent {}

  /** The connection to the broker is back. */
  record BrokerBack() implements ClusterEvent {}

  /** The broker has stopped reading from publishers: a memory or disk alarm. */
  record BrokerBlocked(String reason) implements ClusterEvent {}

  /** The broker reads from publishers again. */
  record BrokerUnblocked() implements ClusterEvent {}
}

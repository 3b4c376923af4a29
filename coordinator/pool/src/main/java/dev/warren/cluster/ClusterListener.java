package dev.warren.cluster;

/**
 * Receives events of workers and of the broker connection. Called on threads of the broker; must
 * not block.
 */
public interface ClusterListener {
  /** A new worker was discovered. */
  void workerJoined(String worker, String host, int slots);

  /**
   * A worker left.
   *
   * @param expected true if it announced its end, false if its heartbeats stopped
   */
  void workerLeft(String worker, String host, boolean expected);

  void brokerLost(String reason);

  /** The connection to the broker is back. */
  void brokerBack();

  /** The broker has stopped reading from publishers: a memory or disk alarm. */
  void brokerBlocked(String reason);

  /** The broker reads from publishers again. */
  void brokerUnblocked();

  /** Everything has been released; no event follows. */
  void released();
}

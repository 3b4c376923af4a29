package dev.warren.pool.engine;

/** Hears of workers and of the broker. Called on threads of the broker; must not block. */
public interface ClusterListener {
  /** A worker is heard of for the first time. */
  void workerJoined(String worker, String host, int slots);

  /** A worker said that it leaves, or is silent. */
  void workerLeft(String worker, String host, boolean expected);

  /** The connection to the broker was lost. */
  void brokerLost(String reason);

  /** The connection to the broker is back. */
  void brokerBack();

  /** The broker has stopped reading what is published: a memory or disk alarm. */
  void brokerBlocked(String reason);

  /** The broker reads again. */
  void brokerUnblocked();

  /** Everything has been released; nothing comes after this. */
  void released();
}

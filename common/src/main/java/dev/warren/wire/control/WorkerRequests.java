package dev.warren.wire.control;

/** What control messages ask of a worker itself, and not of its tasks. */
public interface WorkerRequests {
  /** Publish a heartbeat soon ({@link HelloMessage}). */
  void hello();

  /** Publish state reports for this many seconds ({@link WatchMessage}). */
  void watch(int seconds);

  /** Drain ({@link DrainMessage}). */
  void drain();
}

package dev.warren.worker.config;

import dev.warren.task.RemoteFailure;

/**
 * Receives events of a worker's children. Called on the worker's loop thread: must return at once.
 * Exceptions are logged and have no other effect.
 */
public interface WorkerListener {
  /** A child process was started; it is not ready yet. */
  default void childStarted(String child, long pid) {}

  /** A child is initialized and accepts calls. */
  default void childReady(String child, long pid) {}

  /** A child is being recycled; {@code text} is also in the log line. */
  default void childRecycled(String child, long pid, RecycleReason reason, String text) {}

  /** A child died unexpectedly. */
  default void childLost(String child, long pid, RemoteFailure evidence) {}

  /** A call has been running for a few milliseconds; not called for short calls. */
  default void callRunning(String child, long pid, String job, long call) {}

  /** A call has reported its progress, 0 to 1. */
  default void callProgress(String child, long pid, String job, long call, double done) {}
}

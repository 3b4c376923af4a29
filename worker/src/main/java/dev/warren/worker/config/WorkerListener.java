package dev.warren.worker.config;

import dev.warren.task.RemoteFailure;

/**
 * Hears what happens to a worker's children. Called on the worker's loop thread: it must return at
 * once; what it throws is logged and harms nothing.
 */
public interface WorkerListener {
  /** A child process was started; it is not ready yet. */
  default void childStarted(String child, long pid) {}

  /** A child is initialised and takes calls. */
  default void childReady(String child, long pid) {}

  /** A child is leaving by plan; {@code text} is what the log says. */
  default void childRecycled(String child, long pid, RecycleReason reason, String text) {}

  /** A child died unplanned. */
  default void childLost(String child, long pid, RemoteFailure evidence) {}

  /** A call has been running for a few milliseconds; short calls are not reported. */
  default void callRunning(String child, long pid, String job, long call) {}

  /** A call has told how far it is, 0 to 1. */
  default void callProgress(String child, long pid, String job, long call, double done) {}
}

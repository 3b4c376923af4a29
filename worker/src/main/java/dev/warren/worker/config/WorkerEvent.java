package dev.warren.worker.config;

import dev.warren.task.RemoteFailure;

/**
 * An event of a worker's children. Whoever receives events is called on the worker's loop thread
 * and must return at once; its exceptions are logged and have no other effect.
 */
public sealed interface WorkerEvent {
  /** The child's name; unique within the worker. */
  String child();

  /** Process id of the child. */
  long pid();

  /** A child process was started; it is not ready yet. */
  record ChildStarted(String child, long pid) implements WorkerEvent {}

  /** A child is initialized and accepts calls. */
  record ChildReady(String child, long pid) implements WorkerEvent {}

  /** A child is being recycled; {@code text} is also in the log line. */
  record ChildRecycled(String child, long pid, RecycleReason reason, String text)
      implements WorkerEvent {}

  /** A child died unexpectedly. */
  record ChildLost(String child, long pid, RemoteFailure evidence) implements WorkerEvent {}

  /** A call has been running for a few milliseconds; not reported for short calls. */
  record CallRunning(String child, long pid, String job, long call) implements WorkerEvent {}

  /** A call has reported its progress, 0 to 1. */
  record CallProgress(String child, long pid, String job, long call, double done)
      implements WorkerEvent {}
}

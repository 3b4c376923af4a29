package dev.warren.worker.supervise.calls;

import dev.warren.json.Lines;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.TaskMessage;

/**
 * A task as the supervisor sees it, and where it tells what became of the calls. Confined to the
 * loop. For each call exactly one of {@link #outcomes}, {@link #fail} and {@link #childLost}
 * counts; whatever comes later for the same call is ignored by the implementation.
 */
public interface TaskCalls {

  /** Number of the task within this supervisor, unique in its life. */
  long number();

  TaskMessage task();

  /** Key of the task's pool settings. */
  String settingsKey();

  /** The task's function, for tables. */
  String functionName();

  /** Whether a worker has put its calls back, so that they are begun before all others. */
  boolean isRequeued();

  /** Whether it is too late to start its calls. */
  boolean hasExpired();

  /** Whether the call at this position needs no running (any more). */
  boolean ended(int index);

  /** Outcome lines from a child, for consecutive calls from position {@code from} on. */
  void outcomes(int from, Lines lines, long busyMicros);

  /** The call ends with this failure, whatever budgets are left. */
  void fail(int index, RemoteFailure failure);

  /** The call was running in a child that died; its budget decides. */
  void childLost(int index, RemoteFailure evidence);
}

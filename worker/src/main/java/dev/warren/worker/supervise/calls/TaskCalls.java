package dev.warren.worker.supervise.calls;

import dev.warren.json.Lines;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.TaskMessage;
import dev.warren.worker.history.CallHistory;
import org.jspecify.annotations.Nullable;

/**
 * A task, as the supervisor sees it, which also receives what happens to its calls. Confined to the
 * loop. For each call exactly one of {@link #outcomes}, {@link #fail} and {@link #childLost}
 * counts; the implementation ignores later ones for the same call.
 */
public interface TaskCalls {

  /** Number of the task within this supervisor, unique in its life. */
  long number();

  TaskMessage task();

  /** Key of the task's pool settings. */
  String settingsKey();

  /** The task's function, as a key of tables. */
  String functionName();

  /** When the task arrived, on the loop's clock. */
  long arrived();

  /** Whether its calls run again or were handed back, so that they start before all others. */
  boolean isRequeued();

  /** Whether it is too late to start its calls. */
  boolean hasExpired();

  /** What happens to its calls; events are added to it. */
  CallHistory history();

  /**
   * Calls {@code from} to {@code to} (exclusive) are given to a child now: starts their spans, and
   * returns their contexts for the child; null without tracing.
   */
  default @Nullable String traceparents(int from, int to, long now) {
    return null;
  }

  /** The child that has this call is to be replaced afterwards. */
  default void childRecycles(int index, String why) {}

  /** Whether the call at this position has ended and need not run. */
  boolean ended(int index);

  /** JsonOutcome lines from a child, for consecutive calls from position {@code from} on. */
  void outcomes(int from, Lines lines, CallRun run);

  /** Ends the call with this failure, whatever its budgets. */
  void fail(int index, RemoteFailure failure);

  /** The call was running in a child that died; its budget decides whether it runs again. */
  void childLost(int index, RemoteFailure evidence);
}

package dev.warren.worker.history;

import dev.warren.task.FailureKind;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.TaskMessage;
import java.util.List;

/** Texts of events. Stateless. */
public final class HistoryText {
  private HistoryText() {}

  /** How a message arrived. */
  static String arrival(TaskMessage task, boolean redelivered, boolean again) {
    TaskMessage.Counts counts = task.counts();
    StringBuilder text = new StringBuilder("attempt ").append(counts.attempt());
    if (counts.childLosses() > 0) {
      text.append(", after ").append(lost(counts.childLosses(), "child", "children"));
    }
    if (counts.hostLosses() > 0) {
      text.append(", after ").append(lost(counts.hostLosses(), "host", "hosts"));
    }
    if (redelivered) {
      text.append(", redelivered");
    }
    if (again) {
      text.append(", from the queue of calls that run again");
    }
    if (task.count() > 1) {
      text.append(", ").append(task.count()).append(" calls in the message");
    }
    return text.toString();
  }

  /** A failure: its kind or its exception, and its message. */
  public static String failure(RemoteFailure failure) {
    String kind = failure.kind() == FailureKind.FAILED ? failure.type() : failure.kind().wire();
    return failure.message() == null ? kind : kind + ": " + failure.message();
  }

  /** What is known of a child's death. */
  public static String evidence(RemoteFailure evidence) {
    RemoteFailure.Where where = evidence.where();
    StringBuilder text = new StringBuilder(String.valueOf(evidence.message()));
    if (where != null) {
      text.append(" (").append(where.child()).append(", process ").append(where.pid()).append(')');
    }
    if (evidence.details().get("stderr") instanceof List<?> lines && !lines.isEmpty()) {
      text.append("; last words: ").append(lines.get(lines.size() - 1));
    }
    return text.toString();
  }

  /** The next attempt of a call. */
  public static String next(TaskMessage.Counts counts, long waitMillis) {
    StringBuilder text = new StringBuilder("attempt ");
    text.append(counts.attempt()).append(" published");
    if (counts.childLosses() > 0) {
      text.append(" after ").append(lost(counts.childLosses(), "child", "children"));
    }
    text.append(waitMillis <= 0 ? ", without delay" : ", delayed by " + waitMillis + " ms");
    return text.toString();
  }

  private static String lost(int count, String one, String more) {
    return count + " lost " + (count == 1 ? one : more);
  }
}

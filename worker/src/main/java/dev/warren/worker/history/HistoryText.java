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
      text.append(", child losses ").append(counts.childLosses());
    }
    if (counts.hostLosses() > 0) {
      text.append(", host losses ").append(counts.hostLosses());
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
    StringBuilder text = new StringBuilder();
    if (where != null) {
      text.append(where.child()).append(", process ").append(where.pid()).append(": ");
    }
    text.append(evidence.message());
    if (evidence.details().get("stderr") instanceof List<?> lines && !lines.isEmpty()) {
      text.append("; last words: ").append(lines.get(lines.size() - 1));
    }
    return text.toString();
  }

  /** The next attempt of a call. */
  public static String next(TaskMessage.Counts counts, long waitMillis) {
    return "attempt "
        + counts.attempt()
        + (counts.childLosses() == 0 ? "" : " after child loss " + counts.childLosses())
        + " published, "
        + (waitMillis <= 0 ? "without delay" : "delayed by " + waitMillis + " ms");
  }
}

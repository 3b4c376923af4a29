package dev.warren.jobs.timeline;

import dev.warren.jobs.store.JobState;
import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import dev.warren.wire.OutcomeLine;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How far a call of a job is. */
public enum CallState {
  /** It has a value. */
  OK,
  FAILED,
  /** It has no value because the job or the call was cancelled. */
  CANCELLED,
  /** A child has it, as a worker tells. */
  RUNNING,
  /** It was published, and has no outcome. */
  QUEUED,
  /** It was not published yet. */
  UNREAD;

  /** The form in messages: {@code ok}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The state of a call as its journal shows it.
   *
   * @param outcome its outcome line in the last round in which it ran; null for none
   * @param published whether it has been published since it was last to run
   */
  static CallState of(JobState job, @Nullable Payload outcome, boolean published) {
    if (outcome == null) {
      if (job.isEnded()) {
        return CANCELLED;
      }
      return published ? QUEUED : UNREAD;
    }
    if (OutcomeLine.isValue(outcome)) {
      return OK;
    }
    return OutcomeLine.failure(outcome).kind() == FailureKind.CANCELLED ? CANCELLED : FAILED;
  }
}

package dev.warren.jobs.store;

import java.util.Locale;

/** The state of a job. No state means that a process is running it: that is its lease. */
public enum JobState {
  /** Its input is being received; the job does not exist yet for anyone else. */
  RECEIVING,
  /** Its calls are being run, or will be as soon as somebody coordinates it. */
  RUNNING,
  /** No further calls are published; those already published go on. */
  PAUSED,
  /** Cancelled; the outcomes of calls that were published are still being collected. */
  CANCELLING,
  /** Every call returned a value. */
  SUCCEEDED,
  /** Every call has ended, at least one without a value. */
  FAILED,
  /** Cancelled; every call has ended. */
  CANCELLED,
  /** Its input and outcomes were deleted; only its record remains. */
  DELETED;

  /** The name of the state for people and programs: in lower case. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether nothing more happens unless somebody retries the job. */
  public boolean isEnded() {
    return this == SUCCEEDED || this == FAILED || this == CANCELLED || this == DELETED;
  }
}

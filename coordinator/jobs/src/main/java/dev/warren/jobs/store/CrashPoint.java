package dev.warren.jobs.store;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Points between two statements at which a coordinator may die, for tests that kill it there: a
 * process started with {@code -Dwarren.crash=NAME} or {@code NAME:N} halts the first, or N-th, time
 * that it reaches the point, as if killed by SIGKILL. Without the property a point does nothing.
 */
public enum CrashPoint {
  /** Part of the input is stored. */
  INPUT_BLOCK_STORED,
  /** All of the input is stored, and the job is not accepted. */
  BEFORE_ACCEPT,
  /** The job is accepted. */
  ACCEPTED,
  /** This process owns the job. */
  ACQUIRED,
  /** The journal has been read. */
  HISTORY_READ,
  /** The calls in flight are entered, and no outcome is received. */
  CALLS_ENTERED,
  /** Outcomes are received. */
  SUBSCRIBED,
  /** Calls are about to be recorded as published. */
  BEFORE_PUBLISHED,
  /** Calls are recorded as published, and none is sent. */
  PUBLISHED,
  /** One message of a window is sent. */
  PARTLY_SENT,
  /** All messages of a window are sent. */
  SENT,
  /** Outcomes have arrived and are not stored. */
  OUTCOMES_ARRIVED,
  /** A transaction is about to be committed. */
  BEFORE_COMMIT,
  /** A transaction is committed, and nobody has been told. */
  COMMITTED,
  /** Messages with outcomes are about to be acknowledged. */
  BEFORE_ACKNOWLEDGING,
  /** A lost task is about to be sent again. */
  BEFORE_SENDING_AGAIN,
  /** All calls have ended, and the state says running. */
  ALL_ENDED,
  /** The last state is stored, and the results queue exists. */
  LAST_STATE_STORED,
  /** The results queue is deleted. */
  RESULTS_DELETED,
  /** The job is released. */
  RELEASED;

  private static final String PROPERTY = System.getProperty("warren.crash", "");
  private static final @Nullable CrashPoint CHOSEN =
      PROPERTY.isEmpty() ? null : valueOf(PROPERTY.replaceFirst(":.*", ""));
  private static final AtomicInteger TIMES_LEFT =
      new AtomicInteger(
          PROPERTY.contains(":")
              ? Integer.parseInt(PROPERTY.substring(PROPERTY.indexOf(':') + 1))
              : 1);

  /** Whether this is the chosen point. */
  public boolean isChosen() {
    return this == CHOSEN;
  }

  /** Halts the process if this is the chosen point. */
  public void reached() {
    if (isChosen() && TIMES_LEFT.decrementAndGet() == 0) {
      Runtime.getRuntime().halt(137);
    }
  }
}

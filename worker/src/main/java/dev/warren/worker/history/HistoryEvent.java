package dev.warren.worker.history;

import java.util.Locale;

/** What can happen to a call on a worker, in the usual order. */
public enum HistoryEvent {
  /** Its message was delivered to this worker. */
  DELIVERED(false),
  /** The worker that had its message is considered lost; it was published again. */
  HOST_LOST(true),
  /** It waits for a child. */
  WAITING(false),
  /** A child was given it. */
  GIVEN(false),
  /** It runs; reported for calls that take some milliseconds. */
  RUNNING(false),
  /** Its child did not start it, and it waits again. */
  RETURNED(false),
  /** Its thread was interrupted at its soft time limit. */
  SOFT_LIMIT(true),
  /** Its owner cancelled it while a child held it. */
  CANCELLED(false),
  /** Its child was killed because of it. */
  KILLED(true),
  /** Its child ended while it was running. */
  CHILD_DIED(true),
  /** It threw, was refused, or was ended with a failure. */
  FAILED(true),
  /** It took unusually long. */
  SLOW(true),
  /** This worker cannot run its function. */
  REFUSED(true),
  /** It was published for workers that can run its function. */
  PASSED_ON(true),
  /** It was returned to the queue, not started. */
  HANDED_BACK(false),
  /** Its next attempt was published. */
  RETRY(true),
  /** A copy is in the dead-letter queue. */
  DEAD_LETTERED(true),
  /** Its outcome was given to the broker. */
  OUTCOME_SENT(false),
  /** The broker has confirmed its outcome, its next attempt or its return. */
  CONFIRMED(false);

  private final boolean notable;

  HistoryEvent(boolean notable) {
    this.notable = notable;
  }

  /** Whether the history of such a call is kept after the call has been settled. */
  boolean isNotable() {
    return notable;
  }

  /** The form in messages: {@code child_died}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}

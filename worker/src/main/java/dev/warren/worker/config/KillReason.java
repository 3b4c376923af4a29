package dev.warren.worker.config;

import java.util.Locale;

/** Why a worker ends a child by force. */
public enum KillReason {
  /** It wrote something into its link that is no frame, or not its turn. */
  LINK_BROKEN,
  /** It closed its link and did not end. */
  LINK_CLOSED,
  /** It was not connected in time. */
  NOT_STARTED,
  /** It was told to leave and did not in time. */
  NOT_LEFT,
  /** Its call ran past its hard time limit. */
  TIME_LIMIT,
  /** Its call was cancelled and did not end. */
  CANCELLED,
  /** Its call took more memory than it may. */
  MEMORY_LIMIT,
  /** It took more memory than a call may before its first call. */
  MEMORY_BEFORE_CALLS,
  /** It is being initialised for another pool, whose calls do not wait. */
  OTHER_SETTINGS,
  /** Its worker stops. */
  WORKER_STOPS;

  /** The form in metrics and messages: {@code time_limit}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}

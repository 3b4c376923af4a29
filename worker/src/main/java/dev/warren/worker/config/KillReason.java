package dev.warren.worker.config;

import java.util.Locale;

/** Why a worker kills a child. */
public enum KillReason {
  /** It sent something that is not a frame, or an unexpected frame. */
  LINK_BROKEN,
  /** It closed its link without exiting. */
  LINK_CLOSED,
  /** It did not connect in time. */
  NOT_STARTED,
  /** It was told to exit and did not in time. */
  NOT_LEFT,
  /** Its call exceeded its hard time limit. */
  TIME_LIMIT,
  /** Its call was cancelled and did not end. */
  CANCELLED,
  /** Its call exceeded the hard memory limit. */
  MEMORY_LIMIT,
  /** It exceeded the hard memory limit before its first call. */
  MEMORY_BEFORE_CALLS,
  /**
   * It is initializing for another pool's settings, while calls of a different pool are waiting.
   */
  OTHER_SETTINGS,
  /** Its worker stops. */
  WORKER_STOPS;

  /** The form in metrics and messages: {@code time_limit}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}

package dev.warren.worker.config;

import java.util.Locale;

/** Why a child is recycled. */
public enum RecycleReason {
  /** It was given its maximum number of calls. */
  CALLS,
  /** Its resident memory exceeds the limit for recycling. */
  MEMORY,
  /**
   * Between calls it exceeded the hard memory limit, for which it would be killed during a call.
   */
  MEMORY_LIMIT,
  /** It exceeds the maximum age. */
  AGE,
  /** It has been idle for too long. */
  IDLE,
  /** A call, or the child itself, asked for it. */
  REQUESTED,
  /** A call could not load a class, and the class path has changed since the child's start. */
  BROKEN_CLASS_PATH,
  /** It is bound to another pool's settings, while calls of a different pool are waiting. */
  OTHER_SETTINGS,
  /** Its initializer failed. */
  INITIALIZER_FAILED;

  /** The form in metrics and messages: {@code memory_limit}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}

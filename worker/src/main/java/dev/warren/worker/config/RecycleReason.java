package dev.warren.worker.config;

import java.util.Locale;

/** Why a child is replaced by plan. */
public enum RecycleReason {
  /** It was given as many calls as it may run. */
  CALLS,
  /** Its resident memory is over the bound for replacing it. */
  MEMORY,
  /** Between calls it was over the hard memory limit, for which a call would have been killed. */
  MEMORY_LIMIT,
  /** It is older than the bound. */
  AGE,
  /** It has had no call for longer than the bound. */
  IDLE,
  /** A call, or the child itself, asked for it. */
  REQUESTED,
  /** A call could not load a class, and the class path has changed since the child started. */
  BROKEN_CLASS_PATH,
  /** It is bound to the settings of another pool, whose calls do not wait. */
  OTHER_SETTINGS,
  /** Its initializer failed. */
  INITIALIZER_FAILED;

  /** The form in metrics and messages: {@code memory_limit}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}

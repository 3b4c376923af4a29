package dev.warren.worker.meter;

import dev.warren.wire.TaskMessage;

/** Why a call was run. */
public enum AttemptReason {
  /** It had not been run before. */
  FIRST,
  /** An earlier attempt failed. */
  FAILED,
  /** An earlier attempt lost its child. */
  CHILD_LOST,
  /** An earlier attempt lost its host. */
  HOST_LOST;

  /** The reason of a task's calls; a lost host, then a lost child, precede a failure. */
  public static AttemptReason of(TaskMessage.Counts counts) {
    if (counts.hostLosses() > 0) {
      return HOST_LOST;
    }
    if (counts.childLosses() > 0) {
      return CHILD_LOST;
    }
    return counts.attempt() > 1 ? FAILED : FIRST;
  }
}

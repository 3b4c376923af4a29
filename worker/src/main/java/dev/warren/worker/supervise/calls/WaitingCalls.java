package dev.warren.worker.supervise.calls;

/**
 * Consecutive calls of one task that wait for a child. Immutable.
 *
 * @param alone to be run while the child holds no other call, because a child died while it held
 *     several and it is unknown which one was at fault
 */
public record WaitingCalls(TaskCalls work, int from, int to, boolean alone) {

  /** This segment without the ended calls at its front. */
  public WaitingCalls skipEnded() {
    int next = from;
    while (next < to && work.ended(next)) {
      next++;
    }
    return next == from ? this : startingAt(next);
  }

  public WaitingCalls startingAt(int next) {
    return new WaitingCalls(work, next, to, alone);
  }

  /**
   * Whether it must wait for the same reason as the other: at this moment a child that does not
   * accept one does not accept the other.
   */
  public boolean waitsLike(WaitingCalls other) {
    return !alone
        && !other.alone
        && !work.task().serial()
        && !other.work.task().serial()
        && work.task().times().expiresAtMillis() == 0
        && work.settingsKey().equals(other.work.settingsKey())
        && work.functionName().equals(other.work.functionName());
  }

  /** Number of calls at the front, at most {@code max}, that still have to run. */
  public int runnable(int max) {
    int end = (int) Math.min(to, (long) from + max);
    int next = from;
    while (next < end && !work.ended(next)) {
      next++;
    }
    return next - from;
  }

  public int count() {
    return to - from;
  }

  public boolean isEmpty() {
    return from == to;
  }
}

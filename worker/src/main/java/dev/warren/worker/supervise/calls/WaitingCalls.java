package dev.warren.worker.supervise.calls;

/**
 * Consecutive calls of one task that wait for a child. Immutable.
 *
 * @param alone to be run with nothing else in the child's hands, because a child died holding it
 *     and others and nobody knows which was at fault
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

  /** Whether no child takes it either, in the same moment in which none takes the other. */
  public boolean waitsLike(WaitingCalls other) {
    return !alone
        && !other.alone
        && !work.task().serial()
        && !other.work.task().serial()
        && work.task().times().expiresAtMillis() == 0
        && work.settingsKey().equals(other.work.settingsKey())
        && work.functionName().equals(other.work.functionName());
  }

  /** How many calls at the front, at most {@code most}, are all still to be run. */
  public int runnable(int most) {
    int end = (int) Math.min(to, (long) from + most);
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

package dev.warren.worker.supervise;

/**
 * Consecutive calls of one task that wait for a child. Immutable.
 *
 * @param alone to be run with nothing else in the child's hands, because a child died holding it
 *     and others and nobody knows which was at fault
 */
record Segment(Work work, int from, int to, boolean alone) {

  /** This segment without the ended calls at its front. */
  Segment skipEnded() {
    int next = from;
    while (next < to && work.ended(next)) {
      next++;
    }
    return next == from ? this : startingAt(next);
  }

  Segment startingAt(int next) {
    return new Segment(work, next, to, alone);
  }

  /** Whether no child takes it either, in the same moment in which none takes the other. */
  boolean waitsLike(Segment other) {
    return !alone
        && !other.alone
        && !work.task().serial()
        && !other.work.task().serial()
        && work.task().times().expiresAtMillis() == 0
        && work.settingsKey().equals(other.work.settingsKey())
        && work.functionName().equals(other.work.functionName());
  }

  /** How many calls at the front, at most {@code most}, are all still to be run. */
  int runnable(int most) {
    int end = (int) Math.min(to, (long) from + most);
    int next = from;
    while (next < end && !work.ended(next)) {
      next++;
    }
    return next - from;
  }

  int count() {
    return to - from;
  }

  boolean isEmpty() {
    return from == to;
  }
}

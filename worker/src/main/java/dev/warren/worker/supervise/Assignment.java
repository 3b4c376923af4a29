package dev.warren.worker.supervise;

/** Consecutive calls of one task in a child's hands. Confined to the loop. */
final class Assignment {
  final Work work;
  final int to;
  final boolean alone;
  // position of the first call whose outcome has not come
  private int next;

  Assignment(Work work, int from, int to, boolean alone) {
    this.work = work;
    this.next = from;
    this.to = to;
    this.alone = alone;
  }

  int next() {
    return next;
  }

  int left() {
    return to - next;
  }

  /** Outcomes up to position {@code end} (exclusive) have come. */
  void answered(int end) {
    next = Math.max(next, Math.min(end, to));
  }

  boolean done() {
    return next >= to;
  }

  Segment rest(boolean nowAlone) {
    return new Segment(work, next, to, nowAlone);
  }
}

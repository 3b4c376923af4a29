package dev.warren.worker.supervise.calls;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** Consecutive calls of one task that a child holds. Confined to the loop. */
final class AssignedCalls {
  final TaskCalls work;
  final boolean alone;
  private int to;
  // position of the first call without an outcome
  private int next;
  // positions of cancelled calls; null for none
  private @Nullable BitSet cancelled;

  AssignedCalls(TaskCalls work, int from, int to, boolean alone) {
    this.work = work;
    this.next = from;
    this.to = to;
    this.alone = alone;
  }

  int next() {
    return next;
  }

  int to() {
    return to;
  }

  int left() {
    return to - next;
  }

  /** Records the outcomes of all calls up to position {@code end} (exclusive). */
  void answered(int end) {
    next = Math.max(next, Math.min(end, to));
  }

  /** Records that the child was sent an INTERRUPT for this call. */
  void cancel(int index) {
    BitSet positions = cancelled == null ? new BitSet() : cancelled;
    positions.set(index);
    cancelled = positions;
  }

  boolean isCancelled(int index) {
    return cancelled != null && cancelled.get(index);
  }

  /**
   * Removes the calls from position {@code from} on, which the child returned, and returns them as
   * a segment.
   */
  WaitingCalls cutAt(int from) {
    WaitingCalls cut = new WaitingCalls(work, from, to, alone);
    to = from;
    return cut;
  }

  boolean done() {
    return next >= to;
  }

  WaitingCalls rest(boolean nowAlone) {
    return new WaitingCalls(work, next, to, nowAlone);
  }
}

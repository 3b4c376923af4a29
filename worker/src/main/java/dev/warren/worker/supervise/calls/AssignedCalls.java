package dev.warren.worker.supervise.calls;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** Consecutive calls of one task in a child's hands. Confined to the loop. */
final class AssignedCalls {
  final TaskCalls work;
  final boolean alone;
  private int to;
  // position of the first call whose outcome has not come
  private int next;
  // positions whose calls are not to be begun; null for none
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

  /** Outcomes up to position {@code end} (exclusive) have come. */
  void answered(int end) {
    next = Math.max(next, Math.min(end, to));
  }

  /** The child was told not to begin this call, or to break it off. */
  void cancel(int index) {
    BitSet positions = cancelled == null ? new BitSet() : cancelled;
    positions.set(index);
    cancelled = positions;
  }

  boolean isCancelled(int index) {
    return cancelled != null && cancelled.get(index);
  }

  /** The child gives back the calls from position {@code from} on. */
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

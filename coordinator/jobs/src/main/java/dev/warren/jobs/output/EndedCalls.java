package dev.warren.jobs.output;

import dev.warren.jobs.store.CallNumber;
import dev.warren.jobs.store.Segment;
import dev.warren.jobs.store.StoredJob;
import dev.warren.wire.CallRanges;
import java.util.BitSet;

/**
 * Which calls of a job have an outcome that counts, as far as the journal has been read: 1 bit per
 * call. Confined to one thread.
 */
final class EndedCalls {
  private final StoredJob job;
  private final BitSet ended = new BitSet();
  private long nextSeq;

  EndedCalls(StoredJob job) {
    this.job = job;
  }

  /** Reads what has been added to the journal. */
  void update() {
    job.calls(
        nextSeq,
        (seq, kind, calls) -> {
          nextSeq = seq + 1;
          if (kind == Segment.Kind.OUTCOMES) {
            mark(calls, true);
          } else if (kind == Segment.Kind.RESET) {
            mark(calls, false);
          }
        });
  }

  private void mark(CallRanges calls, boolean isEnded) {
    calls.forEachRange(
        (first, last) ->
            ended.set((int) CallNumber.index(first), (int) CallNumber.index(last) + 1, isEnded));
  }

  /** Whether the call has an outcome. */
  boolean has(long index) {
    return ended.get((int) index);
  }

  /** Number of consecutive calls from {@code index} on that have, or have no outcome. */
  int run(long index, long calls, int max) {
    int from = (int) index;
    int next = has(index) ? ended.nextClearBit(from) : ended.nextSetBit(from);
    long end = next < 0 ? calls : Math.min(calls, next);
    return (int) Math.min(max, end - index);
  }
}

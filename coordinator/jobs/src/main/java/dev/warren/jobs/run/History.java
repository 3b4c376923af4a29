package dev.warren.jobs.run;

import dev.warren.jobs.store.CallNumber;
import dev.warren.jobs.store.JobRecord;
import dev.warren.jobs.store.Segment;
import dev.warren.jobs.store.StoredJob;
import dev.warren.wire.CallRanges;
import java.util.BitSet;
import java.util.EnumSet;

/**
 * What the journal of a job says about its current round: which calls are to run, which of them
 * have ended, and which were published. Confined to one thread.
 */
final class History {
  private final int round;
  private final BitSet ended;
  private final StoredJob job;
  private RoundPlan plan;
  private long endedCalls;

  private History(StoredJob job, JobRecord record) {
    this.job = job;
    this.round = record.round();
    this.plan = RoundPlan.all(record.calls());
    this.ended = new BitSet((int) Math.min(record.calls(), Integer.MAX_VALUE));
  }

  /** Reads the journal of a job. */
  static History read(StoredJob job, JobRecord record) {
    History history = new History(job, record);
    job.calls(0, history::add);
    return history;
  }

  private void add(long seq, Segment.Kind kind, CallRanges calls) {
    switch (kind) {
      case RESET -> reset(calls);
      case OUTCOMES -> calls.forEachRange(this::end);
      case PUBLISHED -> {} // read later, with the sizes of the messages
    }
  }

  private void reset(CallRanges calls) {
    if (calls.count() > 0 && CallNumber.round(calls.get(0)) == round) {
      plan = RoundPlan.of(round, calls);
    }
  }

  private void end(long first, long last) {
    if (CallNumber.round(first) == round) {
      ended.set((int) CallNumber.index(first), (int) CallNumber.index(last) + 1);
      endedCalls += last - first + 1;
    }
  }

  /** The calls of the round. */
  RoundPlan plan() {
    return plan;
  }

  /** Number of calls of the round that have ended. */
  long ended() {
    return endedCalls;
  }

  /** Gives each message of the round of which some calls have not ended. */
  void forEachOpen(Sent visitor) {
    job.segments(
        0,
        EnumSet.of(Segment.Kind.PUBLISHED),
        segment ->
            MessageSizes.forEach(
                segment.calls(), segment.body(), (first, count) -> visit(first, count, visitor)));
  }

  private void visit(long first, int count, Sent visitor) {
    if (CallNumber.round(first) != round) {
      return;
    }
    CallRanges.Builder open = new CallRanges.Builder();
    int from = (int) CallNumber.index(first);
    for (int i = ended.nextClearBit(from); i < from + count; i = ended.nextClearBit(i + 1)) {
      open.add(first + i - from);
    }
    if (open.count() > 0) {
      visitor.message(first, count, open.build());
    }
  }

  /** Receives the messages that were published. */
  @FunctionalInterface
  interface Sent {
    void message(long first, int count, CallRanges open);
  }
}

package dev.warren.jobs.timeline;

import dev.warren.jobs.output.OutcomeLines;
import dev.warren.jobs.store.CallNumber;
import dev.warren.jobs.store.JobRecord;
import dev.warren.jobs.store.JobState;
import dev.warren.jobs.store.Segment;
import dev.warren.jobs.store.StoredJob;
import dev.warren.json.Lines;
import dev.warren.task.Payload;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds the failed calls of a job, whether or not earlier calls have an outcome. Reads the journal
 * in spans of calls, each longer than the one before, so that near failures are found fast and far
 * ones with few queries. Confined to one thread.
 */
public final class FailedCalls {
  private static final long FIRST_SPAN = 10_000;
  private static final int GROWTH = 4;
  private static final long MAX_SPAN = 10_000_000;

  private final StoredJob job;
  private final JobRecord record;
  private final BitSet failed = new BitSet();

  private FailedCalls(StoredJob job) {
    this.job = job;
    this.record = job.record();
  }

  /**
   * Reads failed calls in the order of the input.
   *
   * @param first index from which to search
   * @param max maximum number of calls to return
   * @param stopped ends the search early when it returns true
   */
  public static List<CallPage.Call> read(
      StoredJob job, long first, int max, BooleanSupplier stopped) {
    return new FailedCalls(job).search(first, max, stopped);
  }

  private List<CallPage.Call> search(long first, int max, BooleanSupplier stopped) {
    List<CallPage.Call> found = new ArrayList<>();
    if (record.counts().failed() == 0) {
      return found;
    }
    OutcomeLines outcomes = new OutcomeLines(job);
    long span = FIRST_SPAN;
    long from = first;
    while (from < record.calls() && found.size() < max && !stopped.getAsBoolean()) {
      long to = from + Math.min(span, record.calls() - from);
      mark(from, to);
      for (int i = failed.nextSetBit(0);
          i >= 0 && found.size() < max;
          i = failed.nextSetBit(i + 1)) {
        long index = from + i;
        @Nullable Payload outcome = outcomes.read(index, 1)[0];
        found.add(new CallPage.Call(index, CallState.FAILED, job.input(index, 1).get(0), outcome));
      }
      from = to;
      span = Math.min(MAX_SPAN, span * GROWTH);
    }
    return found;
  }

  /** Sets the bits of the calls of a span that have failed. */
  private void mark(long from, long to) {
    failed.clear();
    job.history(from, to - 1, (segment, at) -> mark(segment, from, to));
  }

  private void mark(Segment segment, long from, long to) {
    if (segment.kind() == Segment.Kind.PUBLISHED) {
      return;
    }
    boolean ends = segment.kind() == Segment.Kind.OUTCOMES;
    Lines lines = ends ? Lines.split(segment.body(), segment.calls().count()) : Lines.NONE;
    int[] line = {0};
    segment
        .calls()
        .forEach(
            number -> {
              int at = line[0]++;
              long index = CallNumber.index(number);
              if (index >= from && index < to) {
                failed.set((int) (index - from), ends && hasFailed(lines.get(at)));
              }
            });
  }

  private static boolean hasFailed(Payload outcome) {
    return CallState.of(JobState.RUNNING, outcome, true) == CallState.FAILED;
  }
}

package dev.warren.jobs.timeline;

import dev.warren.jobs.store.CallNumber;
import dev.warren.jobs.store.JobRecord;
import dev.warren.jobs.store.Segment;
import dev.warren.jobs.store.StoredJob;
import dev.warren.json.Lines;
import dev.warren.task.Payload;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Consecutive calls of a job with their states, as its journal shows them. Confined to one thread
 * while it is read.
 */
public final class CallPage {
  private final long first;
  private final @Nullable Payload[] outcomes;
  private final BitSet published = new BitSet();

  private CallPage(long first, int count) {
    this.first = first;
    this.outcomes = new @Nullable Payload[count];
  }

  /**
   * A call.
   *
   * @param line its line of input
   * @param outcome its outcome line; null for none
   */
  public record Call(long index, CallState state, Payload line, @Nullable Payload outcome) {}

  /**
   * Reads calls; needs memory for their lines and outcomes, and for a part of the journal.
   *
   * @param first index of the first call
   * @param max maximum number of calls; none if the first is behind the last of the job
   */
  public static List<Call> read(StoredJob job, long first, int max) {
    JobRecord record = job.record();
    int count = (int) Math.max(0, Math.min(max, record.calls() - first));
    if (count == 0) {
      return List.of();
    }
    CallPage page = new CallPage(first, count);
    job.history(first, first + count - 1, (segment, at) -> page.add(segment));
    Lines lines = job.input(first, count);
    List<Call> calls = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Payload outcome = page.outcomes[i];
      CallState state = CallState.of(record.state(), outcome, page.published.get(i));
      calls.add(new Call(first + i, state, lines.get(i), outcome));
    }
    return calls;
  }

  private void add(Segment segment) {
    boolean ends = segment.kind() == Segment.Kind.OUTCOMES;
    Lines lines = ends ? Lines.split(segment.body(), segment.calls().count()) : Lines.NONE;
    int[] before = {0};
    segment
        .calls()
        .forEachRange(
            (low, high) -> {
              long start = CallNumber.index(low);
              long from = Math.max(start, first);
              long to = Math.min(CallNumber.index(high), first + outcomes.length - 1);
              for (long index = from; index <= to; index++) {
                int line = before[0] + (int) (index - start);
                // a copy, so that one line does not retain its whole segment
                add(
                    segment.kind(),
                    (int) (index - first),
                    ends ? Payload.of(lines.get(line).toBytes()) : null);
              }
              before[0] += (int) (high - low + 1);
            });
  }

  private void add(Segment.Kind kind, int i, @Nullable Payload outcome) {
    switch (kind) {
      case PUBLISHED -> published.set(i);
      case OUTCOMES -> outcomes[i] = outcome;
      case RESET -> {
        published.clear(i);
        outcomes[i] = null;
      }
    }
  }
}

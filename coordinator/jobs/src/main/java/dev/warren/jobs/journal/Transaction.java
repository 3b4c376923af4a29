package dev.warren.jobs.journal;

import dev.warren.jobs.store.Commit;
import dev.warren.jobs.store.JobCounts;
import dev.warren.jobs.store.Segment;
import dev.warren.json.Lines;
import dev.warren.task.Payload;
import dev.warren.wire.CallRanges;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Combines entries to a commit: successive outcomes become one segment. Confined to one thread. */
final class Transaction {
  private final OutcomeTally tally;
  private final Instant now;
  private final List<Segment> segments = new ArrayList<>();
  private final List<Lines> outcomes = new ArrayList<>();
  private CallRanges.Builder calls = new CallRanges.Builder();
  private long published = -1;
  private JobCounts added = JobCounts.ZERO;
  private Commit.@Nullable Change change;

  private Transaction(OutcomeTally tally, Instant now) {
    this.tally = tally;
    this.now = now;
  }

  /** Returns null if the entries change nothing. */
  static @Nullable Commit combine(List<Entry> entries, OutcomeTally tally, Instant now) {
    Transaction transaction = new Transaction(tally, now);
    entries.forEach(entry -> entry.addTo(transaction));
    return transaction.commit();
  }

  void add(Entry.Outcomes entry) {
    int count = entry.lines().count();
    if (count > 0) {
      outcomes.add(entry.lines());
      calls.add(entry.first(), entry.first() + count - 1);
      tally.add(entry, now);
    }
  }

  /** Outcomes before and after it may share a segment: nothing depends on their order. */
  void add(Entry.Published entry) {
    segments.add(new Segment(0, Segment.Kind.PUBLISHED, entry.calls(), entry.boundaries()));
    published = entry.cursor();
  }

  void change(Commit.Change to, JobCounts counts) {
    change = to;
    added = counts;
  }

  private void endOutcomes() {
    if (!outcomes.isEmpty()) {
      Lines lines = Lines.concat(outcomes);
      Payload body = lines.run(0, lines.count());
      segments.add(new Segment(0, Segment.Kind.OUTCOMES, calls.build(), body));
      outcomes.clear();
      calls = new CallRanges.Builder();
    }
  }

  private @Nullable Commit commit() {
    endOutcomes();
    if (segments.isEmpty() && change == null) {
      return null;
    }
    return new Commit(
        List.copyOf(segments),
        published,
        tally.takeCounts().plus(added),
        tally.takeCauses(),
        tally.takeStatistics(change != null),
        change);
  }
}

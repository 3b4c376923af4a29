package dev.warren.jobs.journal;

import dev.warren.jobs.store.CallNumber;
import dev.warren.jobs.store.CauseCount;
import dev.warren.jobs.store.JobCounts;
import dev.warren.jobs.store.JobStatistics;
import dev.warren.json.Lines;
import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.TimeSource;
import dev.warren.pool.engine.pending.RanBy;
import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.OutcomeLine;
import dev.warren.wire.WireFormatException;
import dev.warren.wire.child.ChildState;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** Counts outcomes by kind and by cause. Confined to the journal's thread. */
final class OutcomeTally {
  private static final Logger log = Logs.of(OutcomeTally.class);
  private static final Cause MALFORMED =
      new Cause("malformed", "", "the outcome is not readable JSON");
  private static final Cause UNKNOWN =
      new Cause("unknown", "", "the cause could not be determined");

  /** What a line without a value means; no cause for a cancelled call. */
  private record Verdict(@Nullable Cause cause, RemoteFailure.@Nullable Where where) {}

  private final Function<RemoteFailure, Cause> causeOf;
  private final RunStatistics statistics;
  private final TimeSource time;
  private final Map<String, CauseCount> causes = new LinkedHashMap<>();
  private long succeeded;
  private long failed;
  private long cancelled;
  // successive failures are often the same, and reading one takes much longer than comparing
  private Payload lastLine = Payload.EMPTY;
  private Verdict lastVerdict = new Verdict(null, null);

  OutcomeTally(Function<RemoteFailure, Cause> causeOf, RunStatistics statistics, TimeSource time) {
    this.causeOf = causeOf;
    this.statistics = statistics;
    this.time = time;
  }

  /** Counts outcomes. */
  void add(Entry.Outcomes outcomes, Instant now) {
    Lines lines = outcomes.lines();
    for (int i = 0; i < lines.count(); i++) {
      Payload line = lines.get(i);
      if (OutcomeLine.isValue(line)) {
        succeeded++;
      } else {
        addFailure(outcomes.first() + i, line, outcomes.ran(), i, now);
      }
    }
  }

  private void addFailure(long call, Payload line, RanBy ran, int position, Instant now) {
    if (!line.equals(lastLine)) {
      lastVerdict = judge(line);
      lastLine = line;
    }
    Cause cause = lastVerdict.cause;
    if (cause == null) {
      cancelled++;
      return;
    }
    failed++;
    if (lastVerdict.where != null) {
      statistics.host(ran.worker(), lastVerdict.where.host());
    }
    ChildState child = ran.children().at(position);
    statistics.failed(cause.fingerprint(), CallNumber.index(call), ran.worker(), child);
    causes.merge(
        cause.fingerprint(),
        new CauseCount(cause.fingerprint(), cause.kind(), cause.title(), 1, call, now, now),
        OutcomeTally::sum);
  }

  private Verdict judge(Payload line) {
    RemoteFailure failure;
    try {
      failure = OutcomeLine.failure(line);
    } catch (WireFormatException e) {
      log.debug("a malformed outcome is counted as failed", e);
      return new Verdict(MALFORMED, null);
    }
    if (failure.kind() == FailureKind.CANCELLED) {
      return new Verdict(null, null);
    }
    try {
      return new Verdict(causeOf.apply(failure), failure.where());
    } catch (RuntimeException e) {
      log.warn("cannot determine the cause of a failure, which is counted as unknown", e);
      return new Verdict(UNKNOWN, failure.where());
    }
  }

  private static CauseCount sum(CauseCount one, CauseCount other) {
    boolean earlier = !other.first().isBefore(one.first());
    return new CauseCount(
        one.fingerprint(),
        one.kind(),
        one.title(),
        one.calls() + other.calls(),
        earlier ? one.firstCall() : other.firstCall(),
        earlier ? one.first() : other.first(),
        one.last().isAfter(other.last()) ? one.last() : other.last());
  }

  /** Returns the counts and begins again at zero. */
  JobCounts takeCounts() {
    JobCounts counts = new JobCounts(succeeded, failed, cancelled);
    succeeded = 0;
    failed = 0;
    cancelled = 0;
    return counts;
  }

  /** Returns the causes and begins again without any. */
  List<CauseCount> takeCauses() {
    List<CauseCount> taken = List.copyOf(causes.values());
    causes.clear();
    return taken;
  }

  /**
   * Returns the statistics, if they should be stored now.
   *
   * @param atOnce whether they should be however lately they were
   */
  @Nullable JobStatistics takeStatistics(boolean atOnce) {
    return statistics.takeIfDue(time.nanos(), atOnce);
  }
}

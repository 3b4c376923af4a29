package dev.warren.service.workers;

import dev.warren.wire.control.Heartbeat;
import dev.warren.wire.control.SlotReport;
import dev.warren.wire.control.StateReport;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What was heard of one worker. Guarded by its table. */
final class SeenWorker {
  /** A worker that misses this many heartbeats is removed. */
  private static final int MISSED = 3;

  private static final long USUAL_INTERVAL_MS = 10_000;
  private static final long MARGIN_MS = 5_000;
  private static final long LATELY = Duration.ofSeconds(60).toNanos();
  private static final long MARK_EVERY = Duration.ofSeconds(5).toNanos();

  private @Nullable Heartbeat beat;
  private @Nullable StateReport report;
  private long heardNanos;
  private long reportedAtMillis;
  private final Deque<Mark> marks = new ArrayDeque<>();

  /** Counts of a worker at some time. */
  private record Mark(long nanos, long lost, long ended, long failed) {}

  void heard(Heartbeat newBeat, long now) {
    beat = newBeat;
    heardNanos = now;
  }

  /** Returns the number of calls that have ended since the last report. */
  long heard(StateReport newReport, long now, long nowMillis) {
    StateReport last = report;
    if (last != null && newReport.sequence() < last.sequence()) {
      return 0;
    }
    report = newReport;
    heardNanos = now;
    reportedAtMillis = nowMillis;
    if (marks.isEmpty() || now - marks.getLast().nanos >= MARK_EVERY) {
      marks.add(new Mark(now, newReport.lost(), newReport.callsEnded(), newReport.callsFailed()));
    }
    while (marks.size() > 1 && now - marks.getFirst().nanos > LATELY) {
      marks.remove();
    }
    return last == null ? 0 : Math.max(0, newReport.callsEnded() - last.callsEnded());
  }

  /** The slots of its last report, and its spares. */
  Stream<SlotReport> slotReports() {
    return report == null ? Stream.of() : report.children().stream();
  }

  private WorkerState.Lately lately() {
    StateReport last = report;
    if (last == null || marks.isEmpty()) {
      return WorkerState.Lately.NOTHING;
    }
    Mark before = marks.getFirst();
    return new WorkerState.Lately(
        last.lost() - before.lost,
        last.callsEnded() - before.ended,
        last.callsFailed() - before.failed);
  }

  boolean isSilent(long now) {
    Heartbeat last = beat;
    long interval =
        last != null && last.intervalMillis() > 0 ? last.intervalMillis() : USUAL_INTERVAL_MS;
    return ageMillis(now) > MISSED * interval + MARGIN_MS;
  }

  private long ageMillis(long now) {
    return (now - heardNanos) / 1_000_000;
  }

  WorkerState state(String id, long now) {
    return new WorkerState(id, beat, report, ageMillis(now), reportedAtMillis, lately());
  }
}

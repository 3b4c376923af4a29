package dev.warren.service.board;

import dev.warren.jobs.store.CauseCount;
import dev.warren.jobs.store.JobRecord;
import dev.warren.service.live.Sections;
import dev.warren.service.live.View;
import dev.warren.service.workers.WorkerState;
import dev.warren.wire.control.StateReport;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The pool at present: each slot of each worker, outcomes, jobs and causes. */
final class NowView implements View {
  private static final int JOBS = 20;
  private static final int CAUSES = 10;

  private final Board board;

  NowView(Board board) {
    this.board = board;
  }

  /**
   * A worker with its slots.
   *
   * @param trouble how much an operator should look at it, 0 to 100
   * @param at when it reported last, by this coordinator's clock
   * @param reported whether its slots are known
   * @param cells as {@link SlotCells} encodes them
   */
  private record Worker(
      String id,
      String host,
      long pid,
      @Nullable String version,
      int slots,
      int busy,
      boolean draining,
      int trouble,
      long callsEnded,
      long callsFailed,
      long recycled,
      long lost,
      long waiting,
      long memory,
      long at,
      boolean reported,
      int spares,
      String cells) {
    static Worker of(WorkerState state) {
      StateReport report = state.report();
      return new Worker(
          state.id(),
          state.host(),
          state.pid(),
          report == null ? null : report.program(),
          state.slots(),
          state.busy(),
          state.isDraining(),
          state.trouble(),
          report == null ? 0 : report.callsEnded(),
          report == null ? 0 : report.callsFailed(),
          state.recycled(),
          report == null ? 0 : report.lost(),
          report == null ? 0 : report.waiting(),
          state.slotReports().stream().mapToLong(slot -> slot.memory()).sum(),
          state.reportedAtMillis(),
          report != null,
          state.spares(),
          SlotCells.encode(state.slotReports()));
    }
  }

  /**
   * Attempts of calls that ended on the connected workers since each of them started.
   *
   * @param kinds failed calls of recent jobs by kind
   */
  private record Outcomes(long succeeded, long failed, double perSecond, Map<String, Long> kinds) {}

  /** A cause of failures of a recent job. */
  private record JobCause(String job, String cause, String title, long calls, long last) {
    static JobCause of(JobRecord job, CauseCount count) {
      return new JobCause(
          job.name(),
          count.fingerprint(),
          count.title(),
          count.calls(),
          count.last().toEpochMilli());
    }
  }

  @Override
  public void describe(Sections sections) {
    board.common(sections);
    sections.put("legend", SlotCells.legend());
    List<WorkerState> states = board.states();
    states.forEach(state -> sections.put("worker/" + state.id(), Worker.of(state)));
    sections.put("outcomes", outcomes(states));
    sections.put(
        "jobs",
        board.newest(JOBS).stream()
            .map(job -> JobSummary.of(job, board.jobs().pace(job.id())))
            .toList());
    sections.put(
        "causes",
        board.recent().stream()
            .flatMap(job -> board.causes(job).stream().map(count -> JobCause.of(job, count)))
            .sorted(Comparator.comparing(JobCause::calls).reversed())
            .limit(CAUSES)
            .toList());
  }

  private Outcomes outcomes(List<WorkerState> states) {
    long ended = 0;
    long failed = 0;
    for (WorkerState state : states) {
      StateReport report = state.report();
      ended += report == null ? 0 : report.callsEnded();
      failed += report == null ? 0 : report.callsFailed();
    }
    Map<String, Long> kinds = new TreeMap<>();
    for (JobRecord job : board.recent()) {
      for (CauseCount cause : board.causes(job)) {
        String kind = cause.kind().isEmpty() ? "other" : cause.kind().replace('_', ' ');
        kinds.merge(kind, cause.calls(), Long::sum);
      }
    }
    return new Outcomes(ended - failed, failed, Math.round(board.perSecond() * 10) / 10.0, kinds);
  }
}

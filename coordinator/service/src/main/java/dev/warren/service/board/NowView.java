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

/** The pool at present: each slot of each worker, outcomes, jobs and causes. */
final class NowView implements View {
  private static final int JOBS = 20;
  private static final int CAUSES = 10;

  private final Board board;

  NowView(Board board) {
    this.board = board;
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
    List<WorkerState> states = board.common(sections);
    sections.put("legend", SlotCells.legend());
    states.forEach(state -> sections.put("worker/" + state.id(), WorkerCells.of(state)));
    sections.put("outcomes", outcomes(states));
    sections.put(
        "jobs", board.newest(JOBS).stream().map(job -> JobSummary.of(job, board.jobs())).toList());
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

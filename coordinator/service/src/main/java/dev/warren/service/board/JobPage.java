package dev.warren.service.board;

import dev.warren.jobs.progress.BatchMap;
import dev.warren.jobs.progress.JobFollower;
import dev.warren.jobs.progress.JobPace;
import dev.warren.jobs.store.CallNumber;
import dev.warren.jobs.store.JobRecord;
import dev.warren.jobs.store.JobState;
import dev.warren.jobs.store.JobStatistics;
import dev.warren.service.api.JobView;
import dev.warren.service.live.Sections;
import dev.warren.service.live.View;
import dev.warren.service.workers.WorkerState;
import dev.warren.wire.control.SlotReport;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One job: its progress, a picture of all its calls, what runs for long, why calls failed. */
final class JobPage implements View {
  private static final int CAUSES = 100;
  private static final int AUDIT = 50;
  private static final int STRAGGLERS = 20;
  private static final long POINTS_PER_SECTION = 60;

  /** A call that runs for less is no straggler. */
  private static final double MIN_STRAGGLER_MS = 1_000;

  private final Board board;
  private final String name;
  private JobFollower follower;

  /**
   * Opens the page of the job that has this name now.
   *
   * @throws dev.warren.service.http.Problem if there is none
   */
  JobPage(Board board, String name) {
    this.board = board;
    this.name = name;
    this.follower = JobFollower.open(board.store(), board.job(name).id());
  }

  /** Reads what is new; changes to another job if that has got the name meanwhile. */
  private void refresh() {
    follower.refresh();
    JobRecord record = follower.record();
    if (!record.name().equals(name) || record.state() == JobState.DELETED) {
      JobFollower other = JobFollower.open(board.store(), board.job(name).id());
      follower.close();
      follower = other;
      follower.refresh();
    }
  }

  /** A call that has been running for longer than most. */
  private record Straggler(
      long call,
      String host,
      String worker,
      String child,
      int slot,
      long runningMillis,
      String function) {}

  @Override
  public void describe(Sections sections) {
    List<WorkerState> states = board.common(sections);
    refresh();
    JobRecord job = follower.record();
    JobPace pace = board.jobs().pace(job.id());
    JobStatistics statistics = follower.statistics();
    List<SlotReport> running = board.running(job);
    follower.running(running.stream().mapToLong(slot -> CallNumber.index(slot.call())).toArray());
    sections.put("job", JobView.of(job));
    sections.put(
        "progress", JobProgress.of(follower, pace, busy(job, running, states), board.now()));
    putRates(pace, sections);
    putMap(sections);
    sections.put("stragglers", stragglers(job, statistics, states));
    Contrast contrast = new Contrast(statistics, states);
    sections.put(
        "causes",
        follower.causes().stream()
            .limit(CAUSES)
            .map(count -> CauseSummary.of(count, contrast))
            .toList());
    sections.put("audit", follower.audit(AUDIT));
  }

  /** Short calls are not reported; with one active job, busy slots run its calls. */
  private long busy(JobRecord job, List<SlotReport> known, List<WorkerState> states) {
    boolean alone =
        board.jobs().active().size() == 1 && board.jobs().active().get(0).id().equals(job.id());
    long busy = states.stream().mapToLong(state -> state.busy()).sum();
    return Math.max(known.size(), alone ? busy : 0);
  }

  private void putRates(JobPace pace, Sections sections) {
    Map<Long, List<double[]>> byMinute = new TreeMap<>();
    for (JobPace.Point point : pace.points()) {
      byMinute
          .computeIfAbsent(point.epochSecond() / POINTS_PER_SECTION, any -> new ArrayList<>())
          .add(new double[] {point.epochSecond(), Math.round(point.perSecond() * 10) / 10.0});
    }
    byMinute.forEach((minute, points) -> sections.put("rate/" + minute, points));
  }

  private void putMap(Sections sections) {
    BatchMap map = follower.map();
    sections.put(
        "map",
        Map.of(
            "calls", map.calls(),
            "cells", map.cells(),
            "callsPerCell", map.callsPerCell(),
            "blockCells", BatchMap.BLOCK));
    for (int block = 0; block < map.blocks(); block++) {
      sections.put("map/" + block, map.block(block));
    }
  }

  private List<Straggler> stragglers(
      JobRecord job, JobStatistics statistics, List<WorkerState> states) {
    double limit = Math.max(MIN_STRAGGLER_MS, statistics.quantileMillis(0.95));
    return states.stream()
        .flatMap(
            state ->
                state.slotReports().stream()
                    .filter(slot -> job.id().equals(slot.job()))
                    .filter(slot -> slot.runningMillis() > limit)
                    .map(
                        slot ->
                            new Straggler(
                                CallNumber.index(slot.call()),
                                state.host(),
                                state.id(),
                                String.valueOf(slot.child()),
                                slot.slot(),
                                slot.runningMillis(),
                                String.valueOf(slot.function()))))
        .sorted(Comparator.comparing(Straggler::runningMillis).reversed())
        .limit(STRAGGLERS)
        .toList();
  }

  @Override
  public void close() {
    follower.close();
  }
}

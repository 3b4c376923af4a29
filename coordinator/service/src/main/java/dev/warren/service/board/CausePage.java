package dev.warren.service.board;

import dev.warren.jobs.output.OutcomeLines;
import dev.warren.jobs.store.CauseCount;
import dev.warren.jobs.store.JobRecord;
import dev.warren.jobs.store.JobState;
import dev.warren.jobs.store.JobStatistics;
import dev.warren.jobs.store.StoredJob;
import dev.warren.service.api.JobView;
import dev.warren.service.http.Problem;
import dev.warren.service.live.Sections;
import dev.warren.service.live.View;
import dev.warren.service.workers.WorkerState;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.OutcomeLine;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One cause of a job's failures, with samples. */
final class CausePage implements View {
  private static final int LINE = 500;

  private final Board board;
  private final StoredJob job;
  private final String name;
  private final String cause;
  private List<Long> sampled = List.of();
  private List<Sample> samples = List.of();

  /**
   * Opens the page of a cause of the job that has this name now.
   *
   * @throws Problem if there is none
   */
  CausePage(Board board, String name, String cause) {
    this.board = board;
    this.job = board.store().job(board.job(name).id());
    this.name = name;
    this.cause = cause;
  }

  /**
   * A failed call.
   *
   * @param line its line of input, shortened
   */
  private record Sample(long index, String line, RemoteFailure error) {}

  @Override
  public void describe(Sections sections) {
    List<WorkerState> states = board.common(sections);
    JobRecord record = job.record();
    if (!record.name().equals(name) || record.state() == JobState.DELETED) {
      throw Problem.notFound("job " + name + " was deleted or started over; open its page again");
    }
    JobStatistics statistics = job.statistics();
    CauseCount count =
        job.causes().stream()
            .filter(each -> each.fingerprint().equals(cause))
            .findFirst()
            .orElseThrow(
                () ->
                    Problem.notFound(
                        "job " + record.name() + " has no failed calls with cause " + cause));
    sections.put("job", JobView.of(record));
    sections.put("cause", CauseSummary.of(count, new Contrast(statistics, states)));
    List<Long> wanted = statistics.samples().getOrDefault(cause, List.of());
    if (!wanted.equals(sampled)) {
      sampled = wanted;
      samples = wanted.stream().map(this::sample).filter(Objects::nonNull).toList();
    }
    sections.put("samples", samples);
    sections.put("command", "warren jobs retry " + record.name() + " --cause " + cause);
  }

  /** A failed call; null if it has another outcome now. */
  private @Nullable Sample sample(long index) {
    Payload outcome = new OutcomeLines(job).read(index, 1)[0];
    if (outcome == null || OutcomeLine.isValue(outcome)) {
      return null;
    }
    String line = job.input(index, 1).get(0).text();
    return new Sample(
        index,
        line.length() > LINE ? line.substring(0, LINE) + "…" : line,
        OutcomeLine.failure(outcome));
  }

  @Override
  public void close() {
    job.close();
  }
}

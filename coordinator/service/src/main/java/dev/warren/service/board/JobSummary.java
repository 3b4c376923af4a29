package dev.warren.service.board;

import dev.warren.jobs.Jobs;
import dev.warren.jobs.progress.Estimate;
import dev.warren.jobs.progress.JobPace;
import dev.warren.jobs.store.JobRecord;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A job as lists show it. Immutable.
 *
 * @param id what reports of workers call it
 * @param perSecond ended calls per second lately
 * @param estimate how many seconds it still needs; null if not known
 * @param coordinated whether a coordinator runs it now
 */
record JobSummary(
    String id,
    String name,
    String state,
    long calls,
    long succeeded,
    long failed,
    long cancelled,
    double perSecond,
    @Nullable Estimate estimate,
    String function,
    boolean coordinated,
    Instant created,
    @Nullable Instant ended) {
  private static final double TENTH = 10;

  static JobSummary of(JobRecord job, ActiveJobs jobs) {
    // asking for the pace of an ended job could push out that of an active one
    JobPace pace = job.state().isEnded() ? null : jobs.pace(job.id());
    return new JobSummary(
        job.id(),
        job.name(),
        job.state().text(),
        job.calls(),
        job.counts().succeeded(),
        job.counts().failed(),
        job.counts().cancelled(),
        pace != null ? Math.round(pace.perSecond() * TENTH) / TENTH : 0,
        pace != null ? pace.estimate() : null,
        Jobs.definition(job).function().toString(),
        job.leased(),
        job.created(),
        job.ended());
  }
}

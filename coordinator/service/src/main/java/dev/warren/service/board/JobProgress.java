package dev.warren.service.board;

import dev.warren.jobs.progress.Estimate;
import dev.warren.jobs.progress.JobFollower;
import dev.warren.jobs.progress.JobPace;
import dev.warren.jobs.store.JobRecord;
import dev.warren.jobs.store.JobState;
import dev.warren.jobs.store.JobStatistics;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far a job is. The six numbers of calls add up to {@code calls}. Immutable.
 *
 * @param running calls that run in children, as far as workers have reported
 * @param queued calls that were given to the broker and do not run
 * @param unread calls that were not given to the broker
 * @param perSecond ended calls per second lately
 * @param estimate how many seconds it still needs; null if that is not known
 * @param estimateWhy when there will be an estimate; null if there is one, or the job does not run
 * @param review what became of the estimate at half of the calls; null before the end
 * @param p50Millis time that half of its calls did not exceed; 0 if unknown
 */
record JobProgress(
    long calls,
    long succeeded,
    long failed,
    long cancelled,
    long running,
    long queued,
    long unread,
    double perSecond,
    long elapsedSeconds,
    @Nullable Estimate estimate,
    @Nullable String estimateWhy,
    @Nullable String review,
    double p50Millis,
    double p95Millis) {
  private static final double HUNDREDTH = 100;

  static JobProgress of(JobFollower follower, JobPace pace, long busy, Instant now) {
    JobRecord job = follower.record();
    JobStatistics statistics = follower.statistics();
    long rest = job.calls() - job.counts().ended();
    boolean active = !job.state().isEnded();
    long unread = active ? follower.map().unread() : 0;
    long sent = Math.max(0, rest - unread);
    long running = active ? Math.min(busy, sent) : 0;
    Instant end = job.ended() == null ? now : job.ended();
    return new JobProgress(
        job.calls(),
        job.counts().succeeded(),
        job.counts().failed(),
        job.counts().cancelled(),
        running,
        sent - running,
        rest - sent,
        active ? rounded(pace.perSecond()) : 0,
        Duration.between(job.created(), end).toSeconds(),
        active ? pace.estimate() : null,
        job.state() == JobState.RUNNING ? pace.estimateWhy() : null,
        pace.review(),
        rounded(statistics.quantileMillis(0.5)),
        rounded(statistics.quantileMillis(0.95)));
  }

  private static double rounded(double value) {
    return Math.round(value * HUNDREDTH) / HUNDREDTH;
  }
}

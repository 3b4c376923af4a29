package dev.warren.service.api;

import dev.warren.jobs.Jobs;
import dev.warren.jobs.spec.JobDefinition;
import dev.warren.jobs.store.JobRecord;
import dev.warren.jobs.store.JobRequest;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A job as the API shows it; its components are the fields of the JSON. Immutable.
 *
 * @param name unique in its pool
 * @param id unique among all jobs
 * @param state receiving, running, paused, cancelling, succeeded, failed, cancelled or deleted
 * @param function what is called
 * @param lines json or text: what a line of input is
 * @param arity number of arguments of each call
 * @param round number of retries so far
 * @param calls number of lines of input
 * @param inputBytes size of the input
 * @param succeeded calls that returned a value
 * @param failed calls that ended without a value, except cancelled ones
 * @param cancelled calls that were cancelled
 * @param request cancel, pause or resume while its coordinator has not done it; else null
 * @param owner the coordinator that ran it last; null if none did
 * @param coordinated whether a coordinator runs it now
 * @param created when it was accepted
 * @param ended when it ended; null if it has not
 * @param keepSeconds how long it is kept after its end
 */
public record JobView(
    String name,
    String pool,
    String id,
    String state,
    String function,
    String lines,
    int arity,
    int round,
    long calls,
    long inputBytes,
    long succeeded,
    long failed,
    long cancelled,
    @Nullable String request,
    @Nullable String owner,
    boolean coordinated,
    Instant created,
    @Nullable Instant ended,
    long keepSeconds) {

  /** The view of a stored job. */
  public static JobView of(JobRecord job) {
    JobDefinition definition = Jobs.definition(job);
    return new JobView(
        job.name(),
        job.pool(),
        job.id(),
        job.state().text(),
        definition.function().toString(),
        definition.lines().name().toLowerCase(Locale.ROOT),
        definition.arity(),
        job.round(),
        job.calls(),
        job.inputBytes(),
        job.counts().succeeded(),
        job.counts().failed(),
        job.counts().cancelled(),
        job.request() == JobRequest.NONE ? null : job.request().name().toLowerCase(Locale.ROOT),
        job.coordinator(),
        job.leased(),
        job.created(),
        job.ended(),
        job.keep().toSeconds());
  }

  /** Number of calls that have ended. */
  public long done() {
    return succeeded + failed + cancelled;
  }
}

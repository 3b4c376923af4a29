package dev.warren.jobs.store;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The record of a job as it was when it was read. Immutable.
 *
 * @param id 26 random letters and digits, which also name its results queue
 * @param name unique in its pool
 * @param definition what is called and how, as JSON
 * @param secret 16 random bytes in hexadecimal, from which the ids of its messages are computed
 * @param round number of retries so far
 * @param calls number of lines of its input
 * @param inputBytes size of its input, line ends included
 * @param published calls of this round that were given to the broker, or were about to be, as a
 *     position in the calls to run
 * @param counts ended calls
 * @param request what was asked of its coordinator and has not been done
 * @param owner the coordinator that ran it last; null if none did
 * @param epoch number of coordinators that have run it
 * @param leased whether the owner's lease was valid
 * @param ended when it ended; null if it has not
 * @param keep how long it is kept after its end
 */
public record JobRecord(
    String id,
    String pool,
    String name,
    String definition,
    String secret,
    JobState state,
    int round,
    long calls,
    long inputBytes,
    long published,
    JobCounts counts,
    JobRequest request,
    @Nullable String owner,
    long epoch,
    boolean leased,
    Instant created,
    @Nullable Instant ended,
    Duration keep) {

  /** The owner's host and process id, for people; null if nobody has run the job. */
  public @Nullable String coordinator() {
    return owner == null ? null : owner.replaceFirst("^(\\S+) (\\d+) .*$", "$1, process $2");
  }

  /** Returns a copy with another name. */
  public JobRecord withName(String newName) {
    return new JobRecord(
        id,
        pool,
        newName,
        definition,
        secret,
        state,
        round,
        calls,
        inputBytes,
        published,
        counts,
        request,
        owner,
        epoch,
        leased,
        created,
        ended,
        keep);
  }
}

package dev.warren.jobs;

import dev.warren.jobs.cause.CauseReader;
import dev.warren.jobs.journal.Cause;
import dev.warren.jobs.output.JobResults;
import dev.warren.jobs.run.Coordinator;
import dev.warren.jobs.store.CallNumber;
import dev.warren.jobs.store.CauseCount;
import dev.warren.jobs.store.Commit;
import dev.warren.jobs.store.JobCounts;
import dev.warren.jobs.store.JobRecord;
import dev.warren.jobs.store.JobState;
import dev.warren.jobs.store.JobStatistics;
import dev.warren.jobs.store.Segment;
import dev.warren.jobs.store.StoredJob;
import dev.warren.jobs.store.SupersededException;
import dev.warren.pool.JsonOutcomes;
import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.CallRanges;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** Begins a new round of an ended job. */
final class Retrying {
  private final StoredJob job;
  private final Retry which;
  private final int round;
  private final CallRanges.Builder calls = new CallRanges.Builder();
  // how many failures fewer there are of each cause
  private final Map<String, CauseCount> causes = new LinkedHashMap<>();
  private long failed;
  private long cancelled;

  private Retrying(StoredJob job, Retry which, int round) {
    this.job = job;
    this.which = which;
    this.round = round;
  }

  /**
   * Begins a round with the calls that were appended to an ended job.
   *
   * @param record the job with its new input
   * @param first index of the first of them
   */
  static void startNew(StoredJob job, JobRecord record, long first, long epoch) {
    Retrying appended = new Retrying(job, Retry.ALL, record.round() + 1);
    appended.calls.add(
        CallNumber.of(appended.round, first), CallNumber.of(appended.round, record.calls() - 1));
    try {
      appended.commit(epoch);
    } catch (SupersededException e) {
      throw new JobConflictException("job " + record.name() + " is run by another coordinator", e);
    }
  }

  static void start(StoredJob job, Retry which) {
    JobRecord before = job.record();
    checkEnded(before);
    OptionalLong epoch = job.tryAcquire("retry", Coordinator.LEASE);
    if (epoch.isEmpty()) {
      throw new JobConflictException("job " + before.name() + " is being retried already");
    }
    try {
      JobRecord record = job.record(); // another retry may have come between
      checkEnded(record);
      Retrying round = new Retrying(job, which, record.round() + 1);
      round.collect(record);
      round.commit(epoch.getAsLong());
    } catch (SupersededException e) {
      throw new JobConflictException("job " + before.name() + " is being retried already", e);
    } finally {
      job.release(epoch.getAsLong());
    }
  }

  private static void checkEnded(JobRecord record) {
    if (!record.state().isEnded() || record.state() == JobState.DELETED) {
      throw new JobConflictException(
          "job "
              + record.name()
              + " is "
              + record.state().text()
              + "; only an ended job can be retried");
    }
  }

  private void commit(long epoch) throws SupersededException {
    Segment reset = new Segment(0, Segment.Kind.RESET, calls.build(), Payload.EMPTY);
    Commit.Change change = new Commit.Change(JobState.RUNNING, round, "retry");
    JobCounts fewer = new JobCounts(0, -failed, -cancelled);
    List<CauseCount> taken = List.copyOf(causes.values());
    JobStatistics rest = taken.isEmpty() ? null : statistics();
    job.commit(epoch, new Commit(List.of(reset), 0, fewer, taken, rest, change));
  }

  /** The statistics without the causes of which all calls are retried. */
  private JobStatistics statistics() {
    Set<String> emptied = new HashSet<>();
    boolean all = true;
    for (CauseCount known : job.causes()) {
      CauseCount taken = causes.get(known.fingerprint());
      if (taken != null && known.calls() + taken.calls() <= 0) {
        emptied.add(known.fingerprint());
      } else {
        all = false;
      }
    }
    return job.statistics().retried(emptied, all);
  }

  private void collect(JobRecord record) {
    collect(new JobResults(job, 0, false));
    if (calls.count() == 0) {
      throw new JobConflictException(
          "job "
              + record.name()
              + " has no call "
              + (which.cause() == null ? "without a value" : "that failed with " + which.cause()));
    }
  }

  private void collect(JobResults results) {
    while (calls.count() < which.max() && results.hasNext()) {
      JsonOutcomes.Item item = results.next();
      RemoteFailure failure = item.failure();
      if (failure != null && isMeant(failure)) {
        calls.add(CallNumber.of(round, item.index()));
        if (failure.kind() == FailureKind.CANCELLED) {
          cancelled++;
        } else {
          failed++;
          causes.merge(
              CauseReader.of(failure).fingerprint(),
              oneLess(CauseReader.of(failure)),
              Retrying::sum);
        }
      }
    }
  }

  private static CauseCount oneLess(Cause cause) {
    return new CauseCount(
        cause.fingerprint(),
        cause.kind(),
        cause.title(),
        -1,
        Long.MAX_VALUE,
        Instant.ofEpochMilli(Long.MAX_VALUE),
        Instant.EPOCH);
  }

  private static CauseCount sum(CauseCount one, CauseCount other) {
    return new CauseCount(
        one.fingerprint(),
        one.kind(),
        one.title(),
        one.calls() + other.calls(),
        one.firstCall(),
        one.first(),
        one.last());
  }

  private boolean isMeant(RemoteFailure failure) {
    return which.cause() == null || CauseReader.of(failure).fingerprint().equals(which.cause());
  }
}

package dev.warren.jobs;

import dev.warren.jobs.output.JobResults;
import dev.warren.jobs.run.Coordinator;
import dev.warren.jobs.store.CauseCount;
import dev.warren.jobs.store.JobRecord;
import dev.warren.jobs.store.JobRequest;
import dev.warren.jobs.store.JobState;
import dev.warren.jobs.store.JobStore;
import dev.warren.jobs.store.StoredJob;
import dev.warren.lifecycle.TimeSource;
import dev.warren.task.Payload;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A job in a store, whoever runs it. Thread-safe; holds nothing open. Every method blocks until the
 * store has answered.
 */
public final class Job {
  private static final long POLL_MS = 100;

  private final JobStore store;
  private final String id;
  private final String name;
  private final @Nullable Coordinator coordinator;

  /**
   * Creates a handle.
   *
   * @param coordinator checks for requests at once; null if another process runs the job
   */
  Job(JobStore store, JobRecord record, @Nullable Coordinator coordinator) {
    this.store = store;
    this.id = record.id();
    this.name = record.name();
    this.coordinator = coordinator;
  }

  public String id() {
    return id;
  }

  public String name() {
    return name;
  }

  /** The job as it is now. */
  public JobRecord status() {
    try (StoredJob job = store.job(id)) {
      return job.record();
    }
  }

  /** Waits until the job has ended, whoever runs it, and returns its record. */
  public JobRecord await() throws InterruptedException {
    try {
      return await(Duration.ofNanos(Long.MAX_VALUE));
    } catch (TimeoutException e) {
      throw new IllegalStateException("an unlimited wait ended", e);
    }
  }

  /**
   * Waits until the job has ended, whoever runs it, and returns its record.
   *
   * @throws TimeoutException if it has not ended within this time
   */
  public JobRecord await(Duration limit) throws InterruptedException, TimeoutException {
    long start = TimeSource.SYSTEM.nanos();
    try (StoredJob job = store.job(id)) {
      while (true) {
        JobRecord record = job.record();
        if (record.state().isEnded()) {
          return record;
        }
        if (TimeSource.SYSTEM.nanos() - start >= limit.toNanos()) {
          throw new TimeoutException("job " + name + " is " + record.state() + " after " + limit);
        }
        TimeUnit.MILLISECONDS.sleep(POLL_MS);
      }
    }
  }

  /** The outcomes in the order of the input; waits for those that are missing. */
  public JobResults results() {
    return results(0);
  }

  /** Like {@link #results()}, from the call with this index on. */
  public JobResults results(long from) {
    return new JobResults(store.job(id), from, true);
  }

  /** The line of input of the call with this index. */
  public Payload input(long index) {
    try (StoredJob job = store.job(id)) {
      return job.input(index, 1).get(0);
    }
  }

  /** The causes of failures, most frequent first. */
  public List<CauseCount> causes() {
    try (StoredJob job = store.job(id)) {
      return job.causes();
    }
  }

  /**
   * Cancels the job: values that still arrive are kept, all other calls end as cancelled. Does not
   * wait; does nothing if the job has ended.
   */
  public void cancel() {
    request(JobRequest.CANCEL);
  }

  /** Publishes no further calls; those published go on. Does not wait. */
  public void pause() {
    request(JobRequest.PAUSE);
  }

  /** Goes on after a pause. Does not wait. */
  public void resume() {
    request(JobRequest.RESUME);
  }

  private void request(JobRequest request) {
    try (StoredJob job = store.job(id)) {
      if (!job.record().state().isEnded()) {
        job.request(request, "user");
      }
    }
    if (coordinator != null) {
      coordinator.look(id);
    }
  }

  /**
   * Runs calls of an ended job that have no value again, in a new round. If this process does not
   * run jobs, the next coordinator does.
   *
   * @throws JobConflictException if the job has not ended, or there is no such call
   */
  public void retry(Retry which) {
    try (StoredJob job = store.job(id)) {
      Retrying.start(job, which);
    }
    if (coordinator != null) {
      var unused = coordinator.run(id);
    }
  }

  /** The state of the job now. */
  public JobState state() {
    return status().state();
  }
}

package dev.warren.jobs;

import dev.warren.jobs.store.JobRecord;
import dev.warren.jobs.store.JobStore;
import java.util.List;
import java.util.Optional;

/**
 * The jobs of a pool in a store, for a process that runs none of them: it can look, ask and delete,
 * and whoever coordinates the jobs does what is asked. Thread-safe.
 */
public final class StoredJobs {
  private final JobStore store;
  private final String pool;

  /**
   * Creates a view of an open store, which the caller closes.
   *
   * @param pool name of the pool
   */
  public StoredJobs(JobStore store, String pool) {
    this.store = store;
    this.pool = pool;
  }

  /** Returns a job that is not deleted; empty if there is none of this name. */
  public Optional<Job> find(String name) {
    return store.find(pool, name).map(record -> new Job(store, record, null));
  }

  /** The newest jobs, newest first, including deleted ones. */
  public List<JobRecord> list(int max) {
    return store.list(pool, max);
  }

  /**
   * Deletes the input and the outcomes of an ended job.
   *
   * @throws JobConflictException if it has not ended, or there is none of this name
   */
  public void delete(String name) {
    JobRecord record =
        store
            .find(pool, name)
            .orElseThrow(() -> new JobConflictException("there is no job " + name));
    if (!record.state().isEnded()) {
      throw new JobConflictException(
          "job " + name + " is " + record.state().text() + "; cancel it before deleting it");
    }
    store.delete(record.id(), "user");
  }
}

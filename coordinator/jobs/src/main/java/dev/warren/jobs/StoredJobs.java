package dev.warren.jobs;

import dev.warren.jobs.store.JobRecord;
import dev.warren.jobs.store.JobStore;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The jobs of a pool in a store, for a process that runs none of them: it can submit, look, ask and
 * delete, and whoever coordinates the jobs runs them and does what is asked. Thread-safe.
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

  /**
   * Submits a job, or finds the one that it is; returns when it can no longer be lost. Coordinators
   * of the pool that use this store look for such jobs every second. Its children have no
   * initializer.
   *
   * @throws JobConflictException if a job of this name exists and is another one; its message names
   *     the part that differs
   * @throws IllegalArgumentException if a line of input is not what the function takes, or if the
   *     function or the input is not given as text
   * @throws IOException if the input cannot be read
   */
  public Job submit(JobSpec spec) throws IOException {
    return new Job(store, Admission.toStore(store, pool, spec).admit(), null);
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

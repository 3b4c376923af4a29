package dev.warren.jobs;

import dev.warren.jobs.run.Coordinator;
import dev.warren.jobs.spec.JobDefinition;
import dev.warren.jobs.store.JobRecord;
import dev.warren.jobs.store.JobStore;
import dev.warren.jobs.store.sql.SqlStore;
import dev.warren.lifecycle.TimeSource;
import dev.warren.pool.Pool;
import dev.warren.pool.engine.JobHost;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Runs jobs on the workers of a pool and keeps them in a store, so that they outlive this process:
 * whoever opens the store again, with a pool of the same name, goes on where this one was.
 * Thread-safe.
 */
public final class Jobs implements AutoCloseable {
  private final JobStore store;
  private final JobHost host;
  private final Coordinator coordinator;
  private final boolean ownsStore;

  private Jobs(JobStore store, Pool pool, boolean ownsStore) {
    this.store = store;
    this.host = pool.unwrap(JobHost.class);
    this.ownsStore = ownsStore;
    this.coordinator = new Coordinator(store, host, TimeSource.SYSTEM);
  }

  /**
   * Opens a store.
   *
   * @param store a folder (SQLite) or a JDBC URL of PostgreSQL
   * @param pool runs the calls; must be closed after this
   * @throws dev.warren.jobs.store.StoreException if the store cannot be opened
   */
  public static Jobs open(String store, Pool pool) {
    return new Jobs(SqlStore.open(store), pool, true);
  }

  /** Uses an open store, which the caller closes after this. */
  public static Jobs open(JobStore store, Pool pool) {
    return new Jobs(store, pool, false);
  }

  /**
   * Submits a job, or goes on with it if it exists; returns when it can no longer be lost. A job
   * that has ended stays ended.
   *
   * @throws JobConflictException if a job of this name exists and is another one; its message names
   *     the part that differs
   * @throws IllegalArgumentException if a line of input is not what the function takes
   * @throws IOException if the input cannot be read
   */
  public Job submit(JobSpec spec) throws IOException {
    JobRecord record = Admission.to(host, store, spec).admit();
    Job job = new Job(store, record, coordinator);
    if (!record.state().isEnded()) {
      var unused = coordinator.run(record.id());
    }
    return job;
  }

  /** From now on, also runs the jobs of the pool that other coordinators have left behind. */
  public void adopt() {
    coordinator.adopt();
  }

  /** Returns a job of this pool that is not deleted; empty if there is none of this name. */
  public Optional<Job> find(String name) {
    return store.find(host.names().pool(), name).map(record -> new Job(store, record, coordinator));
  }

  /** The newest jobs of this pool, newest first, including deleted ones. */
  public List<JobRecord> list(int max) {
    return store.list(host.names().pool(), max);
  }

  /**
   * Deletes the input and the outcomes of an ended job.
   *
   * @throws JobConflictException if it has not ended, or there is none of this name
   */
  public void delete(String name) {
    new StoredJobs(store, host.names().pool()).delete(name);
  }

  /** What a stored job calls. */
  public static JobDefinition definition(JobRecord record) {
    return JobDefinition.ofJson(record.definition());
  }

  /**
   * Gives up the jobs that run here, and waits until what has arrived is stored. Their published
   * calls go on, unless the workers end with the pool, and their outcomes wait in the broker.
   */
  @Override
  public void close() {
    try {
      coordinator.close();
    } finally {
      if (ownsStore) {
        store.close();
      }
    }
  }
}

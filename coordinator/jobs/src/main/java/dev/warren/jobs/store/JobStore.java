package dev.warren.jobs.store;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A database with jobs. Thread-safe; several processes may open the same one. Every method blocks
 * until the database has answered, and throws {@link StoreException} if that fails. {@code
 * SqlStore.open} opens one.
 */
public interface JobStore extends AutoCloseable {
  /** How long keys of submissions are kept, unless their job is deleted before. */
  Duration KEYS_KEPT = Duration.ofHours(24);

  /** Entries that are kept of what was done with a pool. */
  int AUDIT_KEPT = 1_000;

  /**
   * Begins to receive the input of a new job. Another upload of the same name that was not accepted
   * is dropped.
   *
   * @throws JobExistsException if its pool has a job of this name that is not deleted
   */
  JobUpload receive(NewJob job);

  /** Returns the job of this name; empty if there is none, or if it is still being received. */
  Optional<JobRecord> find(String pool, String name);

  /**
   * Returns jobs, newest first, including deleted ones.
   *
   * @param pool null for all pools
   */
  List<JobRecord> list(@Nullable String pool, int max);

  /**
   * Counts the jobs of a pool by state; states without a job may be missing. The state of a running
   * job may be a moment old.
   */
  Map<JobState, Long> counts(String pool);

  /** Returns the jobs of a pool that have not ended and are not being received. */
  List<JobRecord> unfinished(String pool);

  /**
   * A submission that had a key.
   *
   * @param input digest of its input
   * @param job the job's id
   * @param created whether it created the job, or found it
   */
  record Submission(NewJob.Key key, String input, String job, boolean created) {}

  /** Returns the submission that had this key; empty if there was none lately. */
  Optional<Submission> submission(String pool, String key);

  /** Remembers a submission, unless its key belongs to one already. */
  void remember(String pool, Submission submission);

  /**
   * Something that was done with a pool.
   *
   * @param at when, by the database's clock
   * @param who who asked for it
   * @param subject what it was done with: {@code worker:ID}, {@code dead}, {@code job:NAME}
   */
  record Action(Instant at, String who, String subject, String what) {}

  /** Records what was done with a pool. */
  void note(String pool, String who, String subject, String what);

  /** What was done with a pool, newest first. */
  List<Action> actions(String pool, int max);

  /**
   * Opens a job that is not deleted.
   *
   * @throws StoreException if there is none with this id
   */
  StoredJob job(String id);

  /**
   * Gives an ended job another name.
   *
   * @throws JobExistsException if its pool has a job of this name
   * @throws StoreException if the job has not ended
   */
  void rename(String id, String name);

  /**
   * Deletes the input and the outcomes of a job; its record remains, in state DELETED.
   *
   * @throws StoreException if it has not ended and somebody's lease on it is valid
   */
  void delete(String id, String who);

  /**
   * Deletes the jobs that ended long enough ago, old keys of submissions, and what remains of
   * uploads that were given up; returns the number of jobs.
   */
  int deleteExpired(Instant now);

  /** The kind of database and where it is, without a password. */
  String description();

  @Override
  void close();
}

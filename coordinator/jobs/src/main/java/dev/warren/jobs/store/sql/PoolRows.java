package dev.warren.jobs.store.sql;

import dev.warren.jobs.store.JobStore;
import dev.warren.jobs.store.NewJob;
import dev.warren.jobs.store.database.Session;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The statements on the catalogue's tables {@code unique_key} and {@code pool_audit}. Stateless.
 */
final class PoolRows {
  /** Maximum number of keys that are kept; the oldest are forgotten. */
  private static final long MAX_KEYS = 100_000;

  private static final long KEPT_MILLIS = JobStore.KEYS_KEPT.toMillis();

  private PoolRows() {}

  /** Adds a submission; returns false if its key belongs to another one. */
  static boolean addKey(Session session, String pool, JobStore.Submission submission)
      throws SQLException {
    session.update(
        "delete from unique_key where pool = ? and client_key = ? and at <= {now} - ?",
        pool,
        submission.key().text(),
        KEPT_MILLIS);
    return session.update(
            """
            insert into unique_key (pool, client_key, request, input, job, created, at)
            values (?, ?, ?, ?, ?, ?, {now}) on conflict do nothing""",
            pool,
            submission.key().text(),
            submission.key().request(),
            submission.input(),
            submission.job(),
            submission.created() ? 1L : 0L)
        > 0;
  }

  static Optional<JobStore.Submission> key(Session session, String pool, String key)
      throws SQLException {
    return session.first(
        """
        select client_key, request, input, job, created from unique_key
        where pool = ? and client_key = ? and at > {now} - ?""",
        row ->
            new JobStore.Submission(
                new NewJob.Key(row.getString(1), row.getString(2)),
                row.getString(3),
                row.getString(4),
                row.getLong(5) != 0),
        pool,
        key,
        KEPT_MILLIS);
  }

  /** Removes the keys of a job. */
  static void removeKeys(Session session, String job) throws SQLException {
    session.update("delete from unique_key where job = ?", job);
  }

  /** Removes keys that are too old or too many. */
  static void expireKeys(Session session) throws SQLException {
    session.update("delete from unique_key where at <= {now} - ?", KEPT_MILLIS);
    session.update(
        """
        delete from unique_key
        where at <= (select at from unique_key order by at desc limit 1 offset ?)""",
        MAX_KEYS);
  }

  /** Adds an entry to the audit trail of a pool, and removes the oldest if there are too many. */
  static void audit(Session session, String pool, String who, String subject, String what)
      throws SQLException {
    session.update(
        "insert into pool_audit (pool, at, who, subject, what) values (?, {now}, ?, ?, ?)",
        pool,
        who,
        subject,
        what);
    session.update(
        """
        delete from pool_audit where pool = ?
          and at <= (select at from pool_audit where pool = ? order by at desc limit 1 offset ?)""",
        pool,
        pool,
        (long) JobStore.AUDIT_KEPT);
  }

  /** The newest entries of the audit trail of a pool, newest first. */
  static List<JobStore.Action> audit(Session session, String pool, int max) throws SQLException {
    return session.all(
        "select at, who, subject, what from pool_audit where pool = ? order by at desc limit ?",
        row ->
            new JobStore.Action(
                Instant.ofEpochMilli(row.getLong(1)),
                row.getString(2),
                row.getString(3),
                row.getString(4)),
        pool,
        (long) max);
  }
}

package dev.warren.jobs.store.sql;

import dev.warren.jobs.store.Commit;
import dev.warren.jobs.store.JobCounts;
import dev.warren.jobs.store.JobRecord;
import dev.warren.jobs.store.JobRequest;
import dev.warren.jobs.store.JobState;
import dev.warren.jobs.store.StoredJob;
import dev.warren.jobs.store.database.Session;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The statements on rows of the table {@code job} and on the audit trail. Stateless. */
final class JobRows {
  /** Columns of a record. */
  static final String COLUMNS =
      """
      id, pool, name, definition, secret, state, round, calls, input_bytes, published, succeeded,
      failed, cancelled, request, owner, epoch, lease_until, created, ended, keep, commits,
      case when lease_until > {now} then 1 else 0 end as leased""";

  /** A condition on the state: the job has ended and is not deleted. */
  static final String ENDED = "state in ('SUCCEEDED', 'FAILED', 'CANCELLED')";

  /** A condition on the state: the job exists and has not ended. */
  static final String RUNNING = "state in ('RUNNING', 'PAUSED', 'CANCELLING')";

  /** A condition on the state: the job exists. */
  static final String EXISTS = "state <> 'RECEIVING' and state <> 'DELETED'";

  private JobRows() {}

  /**
   * A row.
   *
   * @param commits number of commits of the job, which grows with every change of its counts or its
   *     state
   * @param leaseUntil end of the lease, or of the time in which an upload is not considered given
   *     up, in milliseconds since the epoch
   */
  record Row(JobRecord record, long commits, long leaseUntil) {}

  /** The row after a commit. */
  record Position(long commits, long firstSeq, JobState state) {}

  static Row read(ResultSet row) throws SQLException {
    long ended = row.getLong("ended");
    boolean hasEnded = !row.wasNull();
    return new Row(
        new JobRecord(
            row.getString("id"),
            row.getString("pool"),
            row.getString("name"),
            row.getString("definition"),
            row.getString("secret"),
            JobState.valueOf(row.getString("state")),
            row.getInt("round"),
            row.getLong("calls"),
            row.getLong("input_bytes"),
            row.getLong("published"),
            new JobCounts(
                row.getLong("succeeded"), row.getLong("failed"), row.getLong("cancelled")),
            JobRequest.valueOf(row.getString("request")),
            row.getString("owner"),
            row.getLong("epoch"),
            row.getLong("leased") != 0,
            Instant.ofEpochMilli(row.getLong("created")),
            hasEnded ? Instant.ofEpochMilli(ended) : null,
            Duration.ofMillis(row.getLong("keep"))),
        row.getLong("commits"),
        row.getLong("lease_until"));
  }

  static Optional<Row> byId(Session session, String id) throws SQLException {
    return session.first("select " + COLUMNS + " from job where id = ?", JobRows::read, id);
  }

  /**
   * Inserts a job that is being received.
   *
   * @param created when that began; null for now
   */
  static void insert(Session session, JobRecord job, @Nullable Instant created, long patienceMillis)
      throws SQLException {
    session.update(
        """
        insert into job (id, pool, name, definition, secret, state, round, calls, input_bytes,
          published, succeeded, failed, cancelled, request, owner, epoch, lease_until, created,
          ended, keep, next_seq, commits)
        values (?, ?, ?, ?, ?, 'RECEIVING', 0, 0, 0, 0, 0, 0, 0, 'NONE', null, 0, {now} + ?,
          coalesce(?, {now}), null, ?, 0, 0)""",
        job.id(),
        job.pool(),
        job.name(),
        job.definition(),
        job.secret(),
        patienceMillis,
        millis(created),
        job.keep().toMillis());
  }

  /** The upload goes on; returns false if the job is no longer being received. */
  static boolean touch(Session session, String id, long patienceMillis) throws SQLException {
    return session.update(
            "update job set lease_until = {now} + ? where id = ? and state = 'RECEIVING'",
            patienceMillis,
            id)
        > 0;
  }

  /** The input is complete; returns false if the job is no longer being received. */
  static boolean accept(Session session, String id, long calls, long bytes) throws SQLException {
    return session.update(
            """
            update job set state = 'RUNNING', calls = ?, input_bytes = ?, lease_until = 0
            where id = ? and state = 'RECEIVING'""",
            calls,
            bytes,
            id)
        > 0;
  }

  /** The input has grown; returns false if somebody else owns the job. */
  static boolean extend(Session session, String id, long epoch, long calls, long bytes)
      throws SQLException {
    return session.update(
            """
            update job set calls = ?, input_bytes = ?, commits = commits + 1
            where id = ? and epoch = ?""",
            calls,
            bytes,
            id,
            epoch)
        > 0;
  }

  static OptionalLong acquire(Session session, String id, String owner, long leaseMillis)
      throws SQLException {
    Optional<Long> epoch =
        session.first(
            """
            update job set owner = ?, epoch = epoch + 1, lease_until = {now} + ?
            where id = ? and lease_until <= {now} and %s
            returning epoch"""
                .formatted(EXISTS),
            row -> row.getLong(1),
            owner,
            leaseMillis,
            id);
    return epoch.isPresent() ? OptionalLong.of(epoch.get()) : OptionalLong.empty();
  }

  /** Lets the lease end after this time from now; returns false if somebody else owns the job. */
  static boolean lease(Session session, String id, long epoch, long leaseMillis)
      throws SQLException {
    return session.update(
            "update job set lease_until = {now} + ? where id = ? and epoch = ?",
            leaseMillis,
            id,
            epoch)
        > 0;
  }

  /** Adds a commit to the row; returns empty if somebody else owns the job. */
  static Optional<Position> commit(Session session, String id, long epoch, Commit commit)
      throws SQLException {
    JobCounts added = commit.added();
    int segments = commit.segments().size();
    return session.first(
        """
        update job set succeeded = succeeded + ?, failed = failed + ?, cancelled = cancelled + ?,
          published = case when ? < 0 then published else ? end,
          next_seq = next_seq + ?, commits = commits + 1
        where id = ? and epoch = ?
        returning commits, next_seq, state""",
        row ->
            new Position(
                row.getLong(1), row.getLong(2) - segments, JobState.valueOf(row.getString(3))),
        added.succeeded(),
        added.failed(),
        added.cancelled(),
        commit.published(),
        commit.published(),
        (long) segments,
        id,
        epoch);
  }

  /** Changes the state of a job whose row this transaction has already changed. */
  static void change(Session session, String id, Commit.Change change) throws SQLException {
    JobState state = change.state();
    boolean ended = state.isEnded();
    session.update(
        """
        update job set state = ?, round = ?, ended = %s,
          request = case when request = ? or ? = 1 then 'NONE' else request end
        where id = ?"""
            .formatted(ended ? "{now}" : "null"),
        state.name(),
        (long) change.round(),
        answered(state).name(),
        ended ? 1L : 0L,
        id);
    audit(
        session, id, change.who(), state + (change.round() > 0 ? ", round " + change.round() : ""));
  }

  /** The request that a change to this state answers. */
  private static JobRequest answered(JobState state) {
    return switch (state) {
      case PAUSED -> JobRequest.PAUSE;
      case RUNNING -> JobRequest.RESUME;
      case CANCELLING, CANCELLED -> JobRequest.CANCEL;
      default -> JobRequest.NONE;
    };
  }

  /** Sets the request of a job that has not ended. */
  static boolean request(Session session, String id, JobRequest request) throws SQLException {
    return session.update(
            "update job set request = ? where id = ? and " + RUNNING, request.name(), id)
        > 0;
  }

  /** Marks a job as deleted and supersedes its owner, unless that one may still run the job. */
  static boolean delete(Session session, String id) throws SQLException {
    return session.update(
            """
            update job set state = 'DELETED', request = 'NONE', epoch = epoch + 1,
              commits = commits + 1, ended = coalesce(ended, {now})
            where id = ? and (lease_until <= {now} or %s)"""
                .formatted(ENDED),
            id)
        > 0;
  }

  /** Removes the rows of other tables, except the audit trail. */
  static void removeContent(Session session, String id) throws SQLException {
    for (String table : List.of("input_block", "input_digest", "segment", "cause", "statistics")) {
      session.update("delete from " + table + " where job = ?", id);
    }
  }

  /** Removes the row of an upload; returns false if it is none any more. */
  static boolean drop(Session session, String id) throws SQLException {
    return session.update("delete from job where id = ? and state = 'RECEIVING'", id) > 0;
  }

  static void rename(Session session, String id, String name) throws SQLException {
    session.update("update job set name = ? where id = ?", name, id);
  }

  /**
   * Updates the catalogue's copy of a row, unless the copy is newer.
   *
   * @param row the job's own row
   */
  static boolean copy(Session catalogue, Row row) throws SQLException {
    JobRecord job = row.record();
    return catalogue.update(
            """
            update job set state = ?, round = ?, calls = ?, input_bytes = ?, published = ?,
              succeeded = ?, failed = ?, cancelled = ?, request = ?, owner = ?, epoch = ?,
              ended = ?, commits = ?
            where id = ? and commits <= ? and %s"""
                .formatted(EXISTS),
            job.state().name(),
            (long) job.round(),
            job.calls(),
            job.inputBytes(),
            job.published(),
            job.counts().succeeded(),
            job.counts().failed(),
            job.counts().cancelled(),
            job.request().name(),
            job.owner(),
            job.epoch(),
            millis(job.ended()),
            row.commits(),
            job.id(),
            row.commits())
        > 0;
  }

  private static @Nullable Long millis(@Nullable Instant time) {
    return time == null ? null : Long.valueOf(time.toEpochMilli());
  }

  /** The catalogue's copy is void from now on: a commit will change the state. */
  static void voidCopy(Session catalogue, String id, JobState state, long commits)
      throws SQLException {
    catalogue.update(
        "update job set state = ?, commits = ? where id = ? and commits < ? and %s"
            .formatted(EXISTS),
        state.name(),
        commits,
        id,
        commits);
  }

  static void audit(Session session, String id, String who, String what) throws SQLException {
    session.update("insert into audit (job, at, who, what) values (?, {now}, ?, ?)", id, who, what);
  }

  /** The newest entries of the audit trail, newest first. */
  static List<StoredJob.AuditEntry> audit(Session session, String id, int max) throws SQLException {
    return session.all(
        "select at, who, what from audit where job = ? order by at desc limit ?",
        row ->
            new StoredJob.AuditEntry(
                Instant.ofEpochMilli(row.getLong(1)), row.getString(2), row.getString(3)),
        id,
        (long) max);
  }
}

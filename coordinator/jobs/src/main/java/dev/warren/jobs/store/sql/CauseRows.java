package dev.warren.jobs.store.sql;

import dev.warren.jobs.store.CauseCount;
import dev.warren.jobs.store.database.Session;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** The statements on the table {@code cause}. Stateless. */
final class CauseRows {
  /** Causes per job; failures of further causes are counted together. */
  static final int MAX = 1000;

  /** Fingerprint and title of all further causes. */
  static final String OTHER = "other";

  private CauseRows() {}

  /** Adds the failures, which may be negative, to those of their causes. */
  static void add(Session session, String job, List<CauseCount> causes) throws SQLException {
    for (CauseCount cause : causes) {
      if (!addToKnown(session, job, cause.fingerprint(), cause) && !insert(session, job, cause)) {
        addToOther(session, job, cause);
      }
    }
  }

  private static boolean addToKnown(
      Session session, String job, String fingerprint, CauseCount cause) throws SQLException {
    long first = cause.first().toEpochMilli();
    long last = cause.last().toEpochMilli();
    return session.update(
            """
            update cause set calls = calls + ?,
              first_call = case when first_at <= ? then first_call else ? end,
              first_at = case when first_at <= ? then first_at else ? end,
              last_at = case when last_at >= ? then last_at else ? end
            where job = ? and fingerprint = ?""",
            cause.calls(),
            first,
            cause.firstCall(),
            first,
            first,
            last,
            last,
            job,
            fingerprint)
        > 0;
  }

  /** Returns false if there are too many causes, or if it would begin with less than nothing. */
  private static boolean insert(Session session, String job, CauseCount cause) throws SQLException {
    return cause.calls() > 0
        && session.update(
                """
                insert into cause (job, fingerprint, kind, title, calls, first_call, first_at, last_at)
                select ?, ?, ?, ?, cast(? as bigint), cast(? as bigint), cast(? as bigint),
                  cast(? as bigint)
                where (select count(*) from cause where job = ? and fingerprint <> ?) < ?""",
                job,
                cause.fingerprint(),
                cause.kind(),
                cause.title(),
                cause.calls(),
                cause.firstCall(),
                cause.first().toEpochMilli(),
                cause.last().toEpochMilli(),
                job,
                OTHER,
                (long) MAX)
            > 0;
  }

  private static void addToOther(Session session, String job, CauseCount cause)
      throws SQLException {
    if (!addToKnown(session, job, OTHER, cause)) {
      session.update(
          """
          insert into cause (job, fingerprint, kind, title, calls, first_call, first_at, last_at)
          values (?, ?, '', ?, ?, ?, ?, ?)""",
          job,
          OTHER,
          OTHER,
          cause.calls(),
          cause.firstCall(),
          cause.first().toEpochMilli(),
          cause.last().toEpochMilli());
    }
  }

  /** The causes with failures, most frequent first. */
  static List<CauseCount> list(Session session, String job) throws SQLException {
    return session.all(
        """
        select fingerprint, kind, title, calls, first_call, first_at, last_at from cause
        where job = ? and calls > 0 order by calls desc, fingerprint""",
        CauseRows::read,
        job);
  }

  private static CauseCount read(ResultSet row) throws SQLException {
    return new CauseCount(
        row.getString(1),
        row.getString(2),
        row.getString(3),
        row.getLong(4),
        row.getLong(5),
        Instant.ofEpochMilli(row.getLong(6)),
        Instant.ofEpochMilli(row.getLong(7)));
  }
}

package dev.warren.jobs.store.sql;

import dev.warren.jobs.store.JobState;
import dev.warren.jobs.store.StoreException;
import dev.warren.jobs.store.database.Database;
import dev.warren.jobs.store.database.Layout;
import dev.warren.lifecycle.Logs;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Which jobs exist and what they are called. If jobs have databases of their own, it has copies of
 * their rows, which are valid while they say that the job has ended. Thread-safe.
 *
 * <p>For maintainers: a job's own row and its copy are not changed in one transaction. The copy is
 * made void before the job leaves an end, and made valid after the job has ended, so a crash
 * between leaves a void copy at worst; whoever reads the job's row next makes the copy valid.
 */
final class Catalogue implements AutoCloseable {
  private static final Logger log = Logs.of(Catalogue.class);

  private final Database database;
  private final boolean split;

  Catalogue(Layout layout) {
    this.database = layout.catalogue();
    this.split = layout.isSplit();
  }

  Database database() {
    return database;
  }

  Optional<JobRows.Row> row(String id) {
    return database.read("read", session -> JobRows.byId(session, id));
  }

  /** The row of a job that exists. */
  JobRows.Row existing(String id) {
    return row(id)
        .filter(row -> isExisting(row.record().state()))
        .orElseThrow(
            () ->
                new StoreException(
                    "there is no job with the id " + id + " in " + database.place(), null));
  }

  private static boolean isExisting(JobState state) {
    return state != JobState.RECEIVING && state != JobState.DELETED;
  }

  Optional<JobRows.Row> named(String pool, String name) {
    return select(" where pool = ? and name = ? and " + JobRows.EXISTS, pool, name).stream()
        .findFirst();
  }

  /** Uploads of this name. */
  List<JobRows.Row> uploads(String pool, String name) {
    return select(" where pool = ? and name = ? and state = 'RECEIVING'", pool, name);
  }

  /** Uploads that were given up before this time, unless they have gone on since. */
  List<JobRows.Row> uploads(long beforeMillis) {
    return select(" where state = 'RECEIVING' and lease_until < ?", beforeMillis);
  }

  /** Jobs that may not have ended. */
  List<JobRows.Row> running() {
    return select(" where " + JobRows.RUNNING);
  }

  /** Jobs of a pool that may not have ended. */
  List<JobRows.Row> unfinished(String pool) {
    return select(" where pool = ? and " + JobRows.EXISTS + " and not " + JobRows.ENDED, pool);
  }

  /** Jobs that were to be kept until this time at most. */
  List<JobRows.Row> expired(long nowMillis) {
    return select(" where " + JobRows.ENDED + " and ended + keep <= ?", nowMillis);
  }

  /** Jobs, newest first. */
  List<JobRows.Row> newest(@Nullable String pool, int max) {
    String end = " order by created desc, id desc limit ?";
    return pool == null
        ? select(" where state <> 'RECEIVING'" + end, (long) max)
        : select(" where state <> 'RECEIVING' and pool = ?" + end, pool, (long) max);
  }

  /** Number of jobs of a pool by state. */
  Map<JobState, Long> counts(String pool) {
    Map<JobState, Long> counts = new EnumMap<>(JobState.class);
    database
        .read(
            "read",
            session ->
                session.all(
                    "select state, count(*) from job where pool = ? group by state",
                    row -> Map.entry(JobState.valueOf(row.getString(1)), row.getLong(2)),
                    pool))
        .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
    return counts;
  }

  private List<JobRows.Row> select(String rest, Object... parameters) {
    return database.read(
        "read",
        session ->
            session.all(
                "select " + JobRows.COLUMNS + " from job" + rest, JobRows::read, parameters));
  }

  /** The job will not have ended after the next commit, whose number this is. */
  void voidCopy(String id, JobState state, long commits) {
    if (split) {
      database.run("update", session -> JobRows.voidCopy(session, id, state, commits));
    }
  }

  /** Copies the row of an ended job. A failure is not the caller's: the copy remains void. */
  void copyEnded(JobRows.Row row) {
    if (!split || !row.record().state().isEnded()) {
      return;
    }
    try {
      database.write("update", session -> JobRows.copy(session, row));
    } catch (StoreException e) {
      log.warn("the list of jobs is slower until this works again: {}", e.getMessage());
    }
  }

  @Override
  public void close() {
    database.close();
  }
}

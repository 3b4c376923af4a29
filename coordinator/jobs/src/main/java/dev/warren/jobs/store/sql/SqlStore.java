package dev.warren.jobs.store.sql;

import dev.warren.jobs.store.JobRecord;
import dev.warren.jobs.store.JobState;
import dev.warren.jobs.store.JobStore;
import dev.warren.jobs.store.JobUpload;
import dev.warren.jobs.store.NewJob;
import dev.warren.jobs.store.StoreException;
import dev.warren.jobs.store.StoredJob;
import dev.warren.jobs.store.database.Database;
import dev.warren.jobs.store.database.Layout;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A store in SQLite or PostgreSQL. Thread-safe. */
public final class SqlStore implements JobStore {
  private final Layout layout;
  private final Catalogue catalogue;
  private final Deletion deletion;
  private final Reception reception;
  private final Map<String, SqlJob> open = new ConcurrentHashMap<>();

  private SqlStore(Layout layout) {
    this.layout = layout;
    this.catalogue = new Catalogue(layout);
    this.deletion = new Deletion(layout, catalogue);
    this.reception = new Reception(layout, catalogue, deletion);
  }

  /**
   * Opens a store and creates or updates its tables.
   *
   * @param url a folder, which is created if necessary (SQLite), or a JDBC URL, {@code
   *     jdbc:postgresql://host/database?user=…}
   * @throws StoreException naming the URL without its password, if it cannot be opened
   */
  public static JobStore open(String url) {
    return new SqlStore(Layout.of(url));
  }

  @Override
  public JobUpload receive(NewJob job) {
    if (find(job.pool(), job.name()).isPresent()) {
      throw SqlUpload.exists(job.pool(), job.name(), null);
    }
    return reception.receive(job);
  }

  @Override
  public Optional<JobRecord> find(String pool, String name) {
    return catalogue
        .named(pool, name)
        .map(this::current)
        .filter(record -> record.state() != JobState.DELETED);
  }

  @Override
  public List<JobRecord> list(@Nullable String pool, int max) {
    return catalogue.newest(pool, max).stream()
        .map(row -> row.record().state().isEnded() ? row.record() : current(row))
        .toList();
  }

  @Override
  public Map<JobState, Long> counts(String pool) {
    return catalogue.counts(pool);
  }

  @Override
  public List<JobRecord> unfinished(String pool) {
    return catalogue.unfinished(pool).stream()
        .map(this::current)
        .filter(record -> !record.state().isEnded() && record.state() != JobState.RECEIVING)
        .toList();
  }

  @Override
  public Optional<Submission> submission(String pool, String key) {
    return catalogue.database().read("read", session -> PoolRows.key(session, pool, key));
  }

  @Override
  public void remember(String pool, Submission submission) {
    catalogue.database().write("write", session -> PoolRows.addKey(session, pool, submission));
  }

  @Override
  public void note(String pool, String who, String subject, String what) {
    catalogue.database().run("write", session -> PoolRows.audit(session, pool, who, subject, what));
  }

  @Override
  public List<Action> actions(String pool, int max) {
    return catalogue.database().read("read", session -> PoolRows.audit(session, pool, max));
  }

  /** The job's own record, which also makes the catalogue's copy valid. */
  private JobRecord current(JobRows.Row entry) {
    JobRecord known = entry.record();
    if (!layout.isSplit() || !layout.exists(known.id())) {
      return known;
    }
    JobRows.Row row = ownRow(known.id());
    if (row.record().state() == JobState.DELETED) {
      deletion.finish(row, "a deletion that was interrupted");
    } else if (!known.state().isEnded()) {
      catalogue.copyEnded(row);
    }
    return row.record().withName(known.name());
  }

  private JobRows.Row ownRow(String id) {
    SqlJob present = open.get(id);
    if (present != null) {
      try {
        return present.row();
      } catch (StoreException e) {
        if (open.get(id) == present) {
          throw e;
        }
        // it was closed meanwhile
      }
    }
    try (Database database = layout.open(id)) {
      return database
          .read("read job " + id, session -> JobRows.byId(session, id))
          .orElseThrow(() -> new StoreException(database.place() + " has no job", null));
    }
  }

  @Override
  public StoredJob job(String id) {
    JobRecord known = catalogue.existing(id).record();
    Database database = layout.open(id);
    SqlJob job = new SqlJob(id, database, layout, catalogue, closed -> open.remove(id, closed));
    try {
      JobRecord own = job.record();
      if (own.state() == JobState.DELETED) {
        deletion.finish(job.row(), "a deletion that was interrupted");
        catalogue.existing(id); // throws
      }
      if (!own.name().equals(known.name())) {
        renameOwn(database, id, known.name());
      }
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
    open.put(id, job);
    return job;
  }

  private static void renameOwn(Database database, String id, String name) {
    database.run(
        "rename job " + id,
        session -> {
          JobRows.rename(session, id, name);
        });
  }

  @Override
  public void rename(String id, String name) {
    JobRecord job = current(catalogue.existing(id));
    if (!job.state().isEnded()) {
      throw new StoreException(
          "job " + job.name() + " is " + job.state() + "; only ended jobs can be renamed", null);
    }
    try {
      catalogue
          .database()
          .run(
              "rename job " + job.name(),
              session -> {
                JobRows.rename(session, id, name);
                JobRows.audit(session, id, "", "renamed from " + job.name() + " to " + name);
              });
    } catch (Database.DuplicateException e) {
      throw SqlUpload.exists(job.pool(), name, e);
    }
    if (layout.isSplit()) {
      try (Database database = layout.open(id)) {
        renameOwn(database, id, name);
      }
    }
  }

  @Override
  public void delete(String id, String who) {
    JobRecord known = catalogue.existing(id).record();
    if (!deletion.delete(id, who)) {
      throw new StoreException(
          "job " + known.name() + " is being run; cancel it and wait for its end", null);
    }
  }

  @Override
  public int deleteExpired(Instant now) {
    for (JobRows.Row upload : catalogue.uploads(now.toEpochMilli())) {
      if (isGivenUp(upload.record().id(), now)) {
        deletion.drop(upload.record().id());
      }
    }
    if (layout.isSplit()) {
      catalogue.running().forEach(this::current);
    }
    int deleted = 0;
    for (JobRows.Row row : catalogue.expired(now.toEpochMilli())) {
      if (deletion.delete(row.record().id(), "retention")) {
        deleted++;
      }
    }
    catalogue.database().run("write", PoolRows::expireKeys);
    deletion.removeLeftovers();
    return deleted;
  }

  private boolean isGivenUp(String id, Instant now) {
    return !layout.isSplit() || !layout.exists(id) || ownRow(id).leaseUntil() < now.toEpochMilli();
  }

  @Override
  public String description() {
    return layout.description();
  }

  @Override
  public void close() {
    List.copyOf(open.values()).forEach(SqlJob::close);
    catalogue.close();
  }
}

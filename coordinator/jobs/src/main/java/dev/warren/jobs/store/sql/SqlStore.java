package dev.warren.jobs.store.sql;

import dev.warren.jobs.store.InputDigester;
import dev.warren.jobs.store.JobCounts;
import dev.warren.jobs.store.JobRecord;
import dev.warren.jobs.store.JobRequest;
import dev.warren.jobs.store.JobState;
import dev.warren.jobs.store.JobStore;
import dev.warren.jobs.store.JobUpload;
import dev.warren.jobs.store.NewJob;
import dev.warren.jobs.store.StoreException;
import dev.warren.jobs.store.StoredJob;
import dev.warren.lifecycle.Logs;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** A store in SQLite or PostgreSQL. Thread-safe. */
public final class SqlStore implements JobStore {
  /** An upload that adds nothing for this time may be considered given up. */
  static final Duration UPLOAD_PATIENCE = Duration.ofHours(1);

  private static final Logger log = Logs.of(SqlStore.class);
  private static final String ID_LETTERS = "abcdefghijklmnopqrstuvwxyz234567";
  private static final int ID_LENGTH = 26;

  private final Layout layout;
  private final Catalogue catalogue;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, SqlJob> open = new ConcurrentHashMap<>();

  private SqlStore(Layout layout) {
    this.layout = layout;
    this.catalogue = new Catalogue(layout);
  }

  /**
   * Opens a store and creates or updates its tables.
   *
   * @param url a folder, which is created if necessary (SQLite), or a JDBC URL, {@code
   *     jdbc:postgresql://host/database?user=…}
   * @throws StoreException naming the URL without its password, if it cannot be opened
   */
  public static JobStore open(String url) {
    if (url.startsWith(ServerLayout.PREFIX)) {
      return new SqlStore(new ServerLayout(url));
    }
    if (url.startsWith("jdbc:")) {
      throw new StoreException(
          "cannot open "
              + ServerLayout.masked(url)
              + ": a store is a folder or a PostgreSQL database, jdbc:postgresql://host/database",
          null);
    }
    return new SqlStore(FolderLayout.prepare(url));
  }

  @Override
  public JobUpload receive(NewJob job) {
    if (find(job.pool(), job.name()).isPresent()) {
      throw SqlUpload.exists(job.pool(), job.name(), null);
    }
    for (JobRows.Row given : catalogue.uploads(job.pool(), job.name())) {
      drop(given.record().id());
    }
    JobRecord record = begin(job);
    Database database = null;
    try {
      database = layout.create(record.id());
      if (layout.isSplit()) {
        insert(database, record, record.created());
      }
      database.relax();
      Database own = database;
      InputWriter writer =
          new InputWriter(
              (seq, first, count, body) ->
                  own.run(
                      "receive job " + record.name(),
                      session -> {
                        if (!JobRows.touch(session, record.id(), UPLOAD_PATIENCE.toMillis())) {
                          throw SqlUpload.outrun(record.name());
                        }
                        InputRows.insert(session, record.id(), seq, first, count, body);
                      }),
              new InputDigester(),
              0,
              0);
      return new SqlUpload(own, writer, new Creation(own, record));
    } catch (RuntimeException e) {
      if (database != null) {
        database.close();
      }
      drop(record.id());
      throw e;
    }
  }

  /** Enters the job into the catalogue first: a file without an entry is known as a leftover. */
  private JobRecord begin(NewJob job) {
    byte[] secret = new byte[16];
    random.nextBytes(secret);
    StringBuilder id = new StringBuilder();
    for (int i = 0; i < ID_LENGTH; i++) {
      id.append(ID_LETTERS.charAt(random.nextInt(ID_LETTERS.length())));
    }
    JobRecord record =
        new JobRecord(
            id.toString(),
            job.pool(),
            job.name(),
            job.definition(),
            HexFormat.of().formatHex(secret),
            JobState.RECEIVING,
            0,
            0,
            0,
            0,
            JobCounts.ZERO,
            JobRequest.NONE,
            null,
            0,
            false,
            Instant.EPOCH,
            null,
            job.keep());
    insert(catalogue.database(), record, null);
    return catalogue.row(record.id()).orElseThrow().record();
  }

  private static void insert(Database database, JobRecord record, @Nullable Instant created) {
    database.run(
        "receive job " + record.name(),
        session -> {
          JobRows.insert(session, record, created, UPLOAD_PATIENCE.toMillis());
        });
  }

  /** The input of a new job. */
  private final class Creation implements SqlUpload.Acceptance {
    private final Database own;
    private final JobRecord job;

    Creation(Database own, JobRecord job) {
      this.own = own;
      this.job = job;
    }

    /** The job exists when its entry in the catalogue has changed its state. */
    @Override
    public JobRecord accept(InputWriter input) {
      if (layout.isSplit()) {
        // nobody shall consider it given up between the two transactions
        change(
            catalogue.database(),
            session -> JobRows.touch(session, job.id(), UPLOAD_PATIENCE.toMillis()));
      }
      change(
          own,
          session -> {
            InputRows.setDigest(session, job.id(), input.digest().blocks());
            return JobRows.accept(session, job.id(), input.lines(), input.bytes());
          });
      if (layout.isSplit()) {
        change(
            catalogue.database(),
            session -> JobRows.accept(session, job.id(), input.lines(), input.bytes()));
      }
      return catalogue.existing(job.id()).record();
    }

    private void change(Database database, Database.Work<Boolean> work) {
      try {
        if (!database.write("receive job " + job.name(), work)) {
          throw SqlUpload.outrun(job.name());
        }
      } catch (Database.DuplicateException e) {
        throw SqlUpload.exists(job.pool(), job.name(), e);
      }
    }

    @Override
    public void drop() {
      SqlStore.this.drop(job.id());
    }
  }

  /** Removes an upload that was not accepted. */
  private void drop(String id) {
    boolean dropped =
        catalogue
            .database()
            .write(
                "drop an upload",
                session -> {
                  boolean receiving = JobRows.drop(session, id);
                  if (receiving && !layout.isSplit()) {
                    JobRows.removeContent(session, id);
                  }
                  return receiving;
                });
    if (dropped) {
      layout.remove(id);
    }
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
  public List<JobRecord> unfinished(String pool) {
    return catalogue.unfinished(pool).stream()
        .map(this::current)
        .filter(record -> !record.state().isEnded() && record.state() != JobState.RECEIVING)
        .toList();
  }

  /** The job's own record, which also makes the catalogue's copy valid. */
  private JobRecord current(JobRows.Row entry) {
    JobRecord known = entry.record();
    if (!layout.isSplit() || !layout.exists(known.id())) {
      return known;
    }
    JobRows.Row row = ownRow(known.id());
    if (row.record().state() == JobState.DELETED) {
      finishDeletion(row, "a deletion that was interrupted");
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
        finishDeletion(job.row(), "a deletion that was interrupted");
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
    if (!tryDelete(id, who)) {
      throw new StoreException(
          "job " + known.name() + " is being run; cancel it and wait for its end", null);
    }
  }

  /** Returns false if somebody's lease is valid. */
  private boolean tryDelete(String id, String who) {
    if (!layout.isSplit() || !layout.exists(id)) {
      return catalogue
          .database()
          .write(
              "delete job " + id,
              session -> {
                boolean deleted = JobRows.delete(session, id);
                if (deleted) {
                  JobRows.removeContent(session, id);
                  JobRows.audit(session, id, who, JobState.DELETED.name());
                }
                return deleted;
              });
    }
    Optional<JobRows.Row> deleted;
    try (Database database = layout.open(id)) {
      // first in the job's own file, which an owner that was stopped for a while may still write
      deleted =
          database.write(
              "delete job " + id,
              session ->
                  JobRows.delete(session, id) ? JobRows.byId(session, id) : Optional.empty());
    }
    deleted.ifPresent(row -> finishDeletion(row, who));
    return deleted.isPresent();
  }

  private void finishDeletion(JobRows.Row row, String who) {
    String id = row.record().id();
    catalogue
        .database()
        .run(
            "delete job " + id,
            session -> {
              if (JobRows.copy(session, row)) {
                JobRows.audit(session, id, who, JobState.DELETED.name());
              }
            });
    layout.remove(id);
  }

  @Override
  public int deleteExpired(Instant now) {
    for (JobRows.Row upload : catalogue.uploads(now.toEpochMilli())) {
      if (isGivenUp(upload.record().id(), now)) {
        drop(upload.record().id());
      }
    }
    if (layout.isSplit()) {
      catalogue.running().forEach(this::current);
    }
    int deleted = 0;
    for (JobRows.Row row : catalogue.expired(now.toEpochMilli())) {
      if (tryDelete(row.record().id(), "retention")) {
        deleted++;
      }
    }
    removeLeftovers();
    return deleted;
  }

  private boolean isGivenUp(String id, Instant now) {
    return !layout.isSplit() || !layout.exists(id) || ownRow(id).leaseUntil() < now.toEpochMilli();
  }

  /** Removes files of jobs that do not exist; a job is in the catalogue before it has a file. */
  private void removeLeftovers() {
    for (String id : layout.ids()) {
      Optional<JobRows.Row> row = catalogue.row(id);
      if (row.isEmpty() || row.get().record().state() == JobState.DELETED) {
        log.info("removing what a deleted job left in {}: {}", layout.description(), id);
        layout.remove(id);
      }
    }
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

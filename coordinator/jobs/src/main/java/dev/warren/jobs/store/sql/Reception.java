package dev.warren.jobs.store.sql;

import dev.warren.jobs.store.InputDigester;
import dev.warren.jobs.store.JobCounts;
import dev.warren.jobs.store.JobExistsException;
import dev.warren.jobs.store.JobRecord;
import dev.warren.jobs.store.JobRequest;
import dev.warren.jobs.store.JobState;
import dev.warren.jobs.store.JobStore;
import dev.warren.jobs.store.JobUpload;
import dev.warren.jobs.store.NewJob;
import dev.warren.jobs.store.database.Database;
import dev.warren.jobs.store.database.Layout;
import dev.warren.jobs.store.database.Session;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Begins uploads of new jobs. Thread-safe. */
final class Reception {
  /** An upload that adds nothing for this time may be considered given up. */
  static final Duration PATIENCE = Duration.ofHours(1);

  private static final String ID_LETTERS = "abcdefghijklmnopqrstuvwxyz234567";
  private static final int ID_LENGTH = 26;

  private final Layout layout;
  private final Catalogue catalogue;
  private final Deletion deletion;
  private final SecureRandom random = new SecureRandom();

  Reception(Layout layout, Catalogue catalogue, Deletion deletion) {
    this.layout = layout;
    this.catalogue = catalogue;
    this.deletion = deletion;
  }

  /** Receives a job whose name is free; other uploads of the name are dropped. */
  JobUpload receive(NewJob job) {
    for (JobRows.Row other : catalogue.uploads(job.pool(), job.name())) {
      deletion.drop(other.record().id());
    }
    // first in the catalogue: a file without an entry is known as a leftover
    JobRecord record = record(job);
    insert(catalogue.database(), record, null);
    Database database = null;
    try {
      database = layout.create(record.id());
      if (layout.isSplit()) {
        Instant created =
            catalogue.row(record.id()).map(row -> row.record().created()).orElse(null);
        insert(database, record, created);
      }
      database.relax();
      Database own = database;
      InputWriter.BlockSink sink =
          (seq, first, count, body) ->
              own.run(
                  "receive job " + record.name(),
                  session -> {
                    if (!JobRows.touch(session, record.id(), PATIENCE.toMillis())) {
                      throw SqlUpload.outrun(record.name());
                    }
                    InputRows.insert(session, record.id(), seq, first, count, body);
                  });
      InputWriter writer = new InputWriter(sink, new InputDigester(), 0, 0);
      return new SqlUpload(own, writer, new Creation(own, record, job.key()));
    } catch (RuntimeException e) {
      if (database != null) {
        database.close();
      }
      deletion.drop(record.id());
      throw e;
    }
  }

  private JobRecord record(NewJob job) {
    byte[] secret = new byte[16];
    random.nextBytes(secret);
    StringBuilder id = new StringBuilder();
    for (int i = 0; i < ID_LENGTH; i++) {
      id.append(ID_LETTERS.charAt(random.nextInt(ID_LETTERS.length())));
    }
    return new JobRecord(
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
  }

  private static void insert(Database database, JobRecord record, @Nullable Instant created) {
    database.run(
        "receive job " + record.name(),
        session -> JobRows.insert(session, record, created, PATIENCE.toMillis()));
  }

  /** The input of a new job. */
  private final class Creation implements SqlUpload.Acceptance {
    private final Database own;
    private final JobRecord job;
    private final NewJob.@Nullable Key key;

    Creation(Database own, JobRecord job, NewJob.@Nullable Key key) {
      this.own = own;
      this.job = job;
      this.key = key;
    }

    /**
     * The job exists when its entry in the catalogue has changed its state; that transaction also
     * stores the key of its submission.
     */
    @Override
    public JobRecord accept(InputWriter input) {
      if (layout.isSplit()) {
        // nobody shall consider it given up between the two transactions
        change(
            catalogue.database(), session -> JobRows.touch(session, job.id(), PATIENCE.toMillis()));
      }
      change(
          own,
          session -> {
            InputRows.setDigest(session, job.id(), input.digest().blocks());
            return layout.isSplit()
                ? JobRows.accept(session, job.id(), input.lines(), input.bytes())
                : enter(session, input);
          });
      if (layout.isSplit()) {
        change(catalogue.database(), session -> enter(session, input));
      }
      return catalogue.existing(job.id()).record();
    }

    private boolean enter(Session session, InputWriter input) throws SQLException {
      if (!JobRows.accept(session, job.id(), input.lines(), input.bytes())) {
        return false;
      }
      if (key != null
          && !PoolRows.addKey(
              session,
              job.pool(),
              new JobStore.Submission(key, input.digest().whole(), job.id(), true))) {
        throw new JobExistsException(
            "job " + job.name() + " was not accepted: its key was used for another submission");
      }
      return true;
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

    /** The file first, because the catalogue cannot be written while the disk is full. */
    @Override
    public void drop() {
      own.close();
      layout.remove(job.id());
      deletion.drop(job.id());
    }
  }
}

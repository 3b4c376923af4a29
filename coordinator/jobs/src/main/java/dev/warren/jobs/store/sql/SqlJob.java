package dev.warren.jobs.store.sql;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.jobs.store.CauseCount;
import dev.warren.jobs.store.Commit;
import dev.warren.jobs.store.InputDigest;
import dev.warren.jobs.store.InputDigester;
import dev.warren.jobs.store.JobRecord;
import dev.warren.jobs.store.JobRequest;
import dev.warren.jobs.store.JobState;
import dev.warren.jobs.store.JobStatistics;
import dev.warren.jobs.store.JobUpload;
import dev.warren.jobs.store.Segment;
import dev.warren.jobs.store.StoreException;
import dev.warren.jobs.store.StoredJob;
import dev.warren.jobs.store.SupersededException;
import dev.warren.jobs.store.database.Database;
import dev.warren.jobs.store.database.Layout;
import dev.warren.jobs.store.database.Session;
import dev.warren.json.Lines;
import dev.warren.lifecycle.Logs;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** A job in a database. Thread-safe. */
final class SqlJob implements StoredJob {
  private static final Logger log = Logs.of(SqlJob.class);
  private static final int REREAD_LINES = 1024;

  private final String id;
  private final Database database;
  private final Layout layout;
  private final Catalogue catalogue;
  private final Consumer<SqlJob> onClose;
  private final InputReader input;
  private final Object committing = new Object();

  @GuardedBy("committing")
  private @Nullable Attempt unknown;

  /**
   * Creates the job.
   *
   * @param database the job's own connections, which it closes
   */
  SqlJob(
      String id, Database database, Layout layout, Catalogue catalogue, Consumer<SqlJob> onClose) {
    this.id = id;
    this.database = database;
    this.layout = layout;
    this.catalogue = catalogue;
    this.onClose = onClose;
    this.input = new InputReader(database, id);
  }

  /**
   * A commit that the database may have written although it reported a failure.
   *
   * @param number the commit's number among the job's
   * @param state the job's state after it
   */
  private record Attempt(Commit commit, long epoch, long number, JobState state) {}

  @Override
  public String id() {
    return id;
  }

  @Override
  public JobRecord record() {
    return row().record();
  }

  JobRows.Row row() {
    return database
        .read("read job " + id, session -> JobRows.byId(session, id))
        .orElseThrow(() -> new StoreException("job " + id + " was deleted", null));
  }

  @Override
  public InputDigest digest() {
    return database
        .read("read job " + id, session -> InputRows.digest(session, id))
        .orElseThrow(() -> new StoreException("job " + id + " has no input", null));
  }

  @Override
  public OptionalLong tryAcquire(String owner, Duration lease) {
    OptionalLong epoch = change(session -> JobRows.acquire(session, id, owner, lease.toMillis()));
    if (epoch.isPresent()) {
      copyToCatalogue();
    }
    return epoch;
  }

  @Override
  public boolean renew(long epoch, Duration lease) {
    return change(session -> JobRows.lease(session, id, epoch, lease.toMillis()));
  }

  @Override
  public void release(long epoch) {
    change(session -> JobRows.lease(session, id, epoch, 0));
  }

  private <T> T change(Database.Work<T> work) {
    return database.write("write job " + id, work);
  }

  @Override
  public void commit(long epoch, Commit commit) throws SupersededException {
    synchronized (committing) {
      Commit.Change change = commit.change();
      if (change != null && !change.state().isEnded()) {
        catalogue.voidCopy(id, change.state(), row().commits() + 1);
      }
      Attempt before = unknown;
      AtomicReference<@Nullable Attempt> made = new AtomicReference<>(before);
      boolean owned;
      try {
        owned = change(session -> write(session, epoch, commit, before, made));
      } catch (StoreException e) {
        unknown = made.get();
        throw e;
      }
      unknown = null;
      if (!owned) {
        throw new SupersededException(
            "another coordinator has taken job " + id + " over; nothing was written");
      }
      Attempt written = made.get();
      if (written != null && written.state.isEnded()) {
        copyToCatalogue();
      }
    }
  }

  /** The job's own row is written; a failure of its copy is not the caller's. */
  private void copyToCatalogue() {
    try {
      catalogue.copyEnded(row());
    } catch (StoreException e) {
      log.warn("the list of jobs may be out of date: {}", e.getMessage());
    }
  }

  /**
   * Writes the commit unless the attempt before has written it; returns false if somebody else owns
   * the job.
   */
  @SuppressWarnings("ReferenceEquality") // an equal commit is another one
  private boolean write(
      Session session,
      long epoch,
      Commit commit,
      @Nullable Attempt before,
      AtomicReference<@Nullable Attempt> made)
      throws SQLException {
    Optional<JobRows.Position> changed = JobRows.commit(session, id, epoch, commit);
    if (changed.isEmpty()) {
      return false;
    }
    JobRows.Position position = changed.get();
    if (before != null
        && before.commit == commit
        && before.epoch == epoch
        && before.number < position.commits()) {
      session.undo();
      return true;
    }
    SegmentRows.insert(session, id, position.firstSeq(), commit.segments());
    CauseRows.add(session, id, commit.causes());
    if (commit.statistics() != null) {
      StatisticsRow.write(session, id, commit.statistics());
    }
    Commit.Change change = commit.change();
    if (change != null) {
      JobRows.change(session, id, change);
    }
    JobState state = change == null ? position.state() : change.state();
    made.set(new Attempt(commit, epoch, position.commits(), state));
    return true;
  }

  @Override
  public void request(JobRequest request, String who) {
    database.run(
        "write job " + id,
        session -> {
          if (JobRows.request(session, id, request)) {
            JobRows.audit(session, id, who, "request " + request);
          }
        });
  }

  @Override
  public JobUpload append(long epoch) {
    JobRecord record = record();
    InputDigester digester = InputDigester.continuing(digest());
    while (digester.lines() < record.calls()) {
      int count = (int) Math.min(REREAD_LINES, record.calls() - digester.lines());
      Lines lines = input(digester.lines(), count);
      for (int i = 0; i < lines.count(); i++) {
        digester.add(lines.get(i));
      }
    }
    Database own = layout.open(id);
    try {
      own.relax();
      long next = own.write("append to job " + id, session -> cut(session, epoch));
      InputWriter writer =
          new InputWriter(
              (seq, first, count, body) ->
                  own.run(
                      "append to job " + id,
                      session -> {
                        requireEpoch(session, epoch);
                        InputRows.insert(session, id, seq, first, count, body);
                      }),
              digester,
              record.inputBytes(),
              next);
      return new SqlUpload(own, writer, new Append(own, epoch));
    } catch (RuntimeException e) {
      own.close();
      throw e;
    }
  }

  private void requireEpoch(Session session, long epoch) throws SQLException {
    if (JobRows.byId(session, id).filter(row -> row.record().epoch() == epoch).isEmpty()) {
      throw SqlUpload.superseded(id);
    }
  }

  /** Removes input that was appended and not accepted; returns the position of the next block. */
  private long cut(Session session, long epoch) throws SQLException {
    requireEpoch(session, epoch);
    long lines = JobRows.byId(session, id).map(row -> row.record().calls()).orElse(0L);
    return InputRows.cutAt(session, id, lines);
  }

  /** More input of this job. */
  private final class Append implements SqlUpload.Acceptance {
    private final Database own;
    private final long epoch;

    Append(Database own, long epoch) {
      this.own = own;
      this.epoch = epoch;
    }

    @Override
    public JobRecord accept(InputWriter appended) {
      own.run(
          "append to job " + id,
          session -> {
            if (!JobRows.extend(session, id, epoch, appended.lines(), appended.bytes())) {
              throw SqlUpload.superseded(id);
            }
            InputRows.setDigest(session, id, appended.digest().blocks());
          });
      copyToCatalogue();
      return record();
    }

    @Override
    public void drop() {
      own.write("append to job " + id, session -> cut(session, epoch));
    }
  }

  @Override
  public Lines input(long first, int count) {
    return input.read(first, count);
  }

  @Override
  public void segments(long fromSeq, Set<Segment.Kind> kinds, Consumer<Segment> visitor) {
    SegmentRows.visit(
        database,
        id,
        fromSeq,
        SegmentRows.Selection.ofKinds(kinds),
        (segment, at) -> visitor.accept(segment));
  }

  @Override
  public void calls(long fromSeq, CallsVisitor visitor) {
    SegmentRows.visitCalls(database, id, fromSeq, visitor);
  }

  @Override
  public void outcomes(long first, long last, Consumer<Segment> visitor) {
    SegmentRows.visit(
        database,
        id,
        0,
        SegmentRows.Selection.ofOutcomes(first, last),
        (segment, at) -> visitor.accept(segment));
  }

  @Override
  public void history(long first, long last, HistoryVisitor visitor) {
    SegmentRows.visit(database, id, 0, SegmentRows.Selection.ofLines(first, last), visitor);
  }

  @Override
  public List<CauseCount> causes() {
    return database.read("read job " + id, session -> CauseRows.list(session, id));
  }

  @Override
  public JobStatistics statistics() {
    return database.read("read job " + id, session -> StatisticsRow.read(session, id));
  }

  @Override
  public List<AuditEntry> audit(int max) {
    return database.read("read job " + id, session -> JobRows.audit(session, id, max));
  }

  @Override
  public void close() {
    onClose.accept(this);
    database.close();
  }

  @Override
  public String toString() {
    return "job " + id + " in " + database.place();
  }
}

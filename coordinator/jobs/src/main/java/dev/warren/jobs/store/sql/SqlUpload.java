package dev.warren.jobs.store.sql;

import dev.warren.jobs.store.InputDigest;
import dev.warren.jobs.store.JobExistsException;
import dev.warren.jobs.store.JobRecord;
import dev.warren.jobs.store.JobUpload;
import dev.warren.jobs.store.StoreException;
import dev.warren.jobs.store.database.Database;
import dev.warren.task.Payload;
import org.jspecify.annotations.Nullable;

/** Receives the input of a new job, or more input of a job. Confined to one thread. */
final class SqlUpload implements JobUpload {
  private final Database database;
  private final InputWriter writer;
  private final Acceptance acceptance;
  private boolean accepted;
  private boolean closed;

  /**
   * Creates an upload.
   *
   * @param database the upload's own, which it closes
   */
  SqlUpload(Database database, InputWriter writer, Acceptance acceptance) {
    this.database = database;
    this.writer = writer;
    this.acceptance = acceptance;
  }

  /** What is done with a complete input, and with one that was given up. */
  interface Acceptance {
    JobRecord accept(InputWriter input);

    void drop();
  }

  @Override
  public void add(Payload line) {
    requireOpen();
    writer.add(line);
  }

  @Override
  public long lines() {
    return writer.lines();
  }

  @Override
  public InputDigest digest() {
    return writer.digest();
  }

  @Override
  public JobRecord accept() {
    requireOpen();
    writer.finish();
    database.makeDurable();
    JobRecord record = acceptance.accept(writer);
    accepted = true;
    close();
    return record;
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the upload was accepted or closed");
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    writer.close();
    try {
      if (!accepted) {
        acceptance.drop();
      }
    } finally {
      database.close();
    }
  }

  /** Fails because the job is no longer being received. */
  static JobExistsException outrun(String name) {
    return new JobExistsException(
        "job " + name + " was not accepted: another upload of this name began after this one");
  }

  /** Fails because of another job's name. */
  static JobExistsException exists(String pool, String name, @Nullable Throwable cause) {
    return new JobExistsException("pool " + pool + " already has a job named " + name, cause);
  }

  static StoreException superseded(String id) {
    return new StoreException(
        "no input was added to job " + id + ": another coordinator has taken it over", null);
  }
}

package dev.warren.jobs.store.database;

import java.sql.SQLException;
import java.util.List;

/** SQLite. Stateless. */
public record SqliteDialect() implements Dialect {
  private static final int PERM = 3;
  private static final int BUSY = 5;
  private static final int LOCKED = 6;
  private static final int READONLY = 8;
  private static final int IOERR = 10;
  private static final int CORRUPT = 11;
  private static final int FULL = 13;
  private static final int CANTOPEN = 14;
  private static final int CONSTRAINT = 19;
  private static final int NOTADB = 26;

  /** With the lock: a transaction that reads first could otherwise fail at its first write. */
  @Override
  public String begin() {
    return "begin immediate";
  }

  @Override
  public String now() {
    return "cast(round(unixepoch('subsec') * 1000) as integer)";
  }

  @Override
  public String bytesType() {
    return "blob";
  }

  @Override
  public List<String> tuning() {
    return List.of();
  }

  /** Every transaction that writes holds the file's only lock from its beginning. */
  @Override
  public List<String> lockTables() {
    return List.of();
  }

  @Override
  public String hasMigrations() {
    return "select 1 from sqlite_master where name = 'migration'";
  }

  /** In this mode only checkpoints are flushed, of which there are few. */
  @Override
  public List<String> relaxed() {
    return List.of("pragma synchronous = normal", "pragma wal_autocheckpoint = 16384");
  }

  @Override
  public List<String> durable() {
    return List.of("pragma synchronous = full");
  }

  /** The files remain open, so that a full disk is no obstacle to opening them again. */
  @Override
  public boolean breaksConnection(SQLException failure) {
    return false;
  }

  @Override
  public boolean isDuplicate(SQLException failure) {
    return code(failure) == CONSTRAINT;
  }

  /** Whether another connection has a lock. */
  static boolean isBusy(SQLException failure) {
    return code(failure) == BUSY || code(failure) == LOCKED;
  }

  private static int code(SQLException failure) {
    return failure.getErrorCode() & 0xff;
  }

  @Override
  public String explain(SQLException failure) {
    String text = Dialect.firstLine(failure);
    return switch (code(failure)) {
      case FULL -> "the disk is full; free space on it";
      case NOTADB -> "the file is not an SQLite database; use another folder or move the file away";
      case CORRUPT -> "the file is damaged (" + text + "); restore it from a backup";
      case CANTOPEN ->
          "the file cannot be opened; check that this user may write to it and to its folder";
      case PERM, READONLY ->
          "this user may not write there; change the permissions or use another folder";
      case BUSY, LOCKED ->
          "another process has held its lock for more than "
              + FolderLayout.BUSY_SECONDS
              + " s; end that process (lsof shows it)";
      case IOERR -> "the disk reports an error (" + text + "); check the disk and its free space";
      default -> text;
    };
  }
}

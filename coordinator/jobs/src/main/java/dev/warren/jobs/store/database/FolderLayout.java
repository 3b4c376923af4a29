package dev.warren.jobs.store.database;

import dev.warren.jobs.store.StoreException;
import dev.warren.lifecycle.TimeSource;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * SQLite files in a folder: the catalogue {@code jobs.db}, and {@code jobs/<id>.db} for each job,
 * so that deleting a job is unlinking its file. Thread-safe.
 */
final class FolderLayout implements Layout {
  static final int BUSY_SECONDS = 10;
  private static final int BUSY_PAUSE_MILLIS = 10;
  private static final String LIBRARY_FOLDER = "org.sqlite.tmpdir";
  private static final String SUFFIX = ".db";

  /** SQLITE_OPEN_READWRITE, and SQLITE_OPEN_CREATE. */
  private static final int EXISTING = 2;

  private static final int NEW = 6;

  private final Path folder;
  private final Path jobs;
  private final Dialect dialect = new SqliteDialect();

  private FolderLayout(Path folder) {
    this.folder = folder;
    this.jobs = folder.resolve("jobs");
  }

  /**
   * Creates the folders that do not exist, readable by this user only.
   *
   * @throws StoreException if that fails
   */
  static FolderLayout prepare(String name) {
    if (name.indexOf('?') >= 0) {
      throw new StoreException(
          "cannot open " + name + ": the name of a store's folder must not contain '?'", null);
    }
    Path folder = Path.of(name).toAbsolutePath().normalize();
    FolderLayout layout = new FolderLayout(folder);
    Path library = folder.resolve("native");
    try {
      for (Path each : List.of(folder, layout.jobs, library)) {
        createPrivately(each);
      }
    } catch (IOException e) {
      throw new StoreException(
          "cannot create the folder "
              + folder
              + ": "
              + reason(e)
              + "; check that this user may write there, or use another folder",
          e);
    }
    if (System.getProperty(LIBRARY_FOLDER) == null) {
      // before the driver is loaded: in many containers no program may be executed from /tmp
      System.setProperty(LIBRARY_FOLDER, library.toString());
    }
    return layout;
  }

  private static void createPrivately(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } else {
      Files.createDirectories(folder);
    }
  }

  private static String reason(IOException e) {
    if (e instanceof FileSystemException in && in.getReason() != null) {
      return in.getReason();
    }
    return e.getClass().getSimpleName() + " " + e.getMessage();
  }

  @Override
  public String description() {
    return "SQLite " + folder;
  }

  private Path file(String id) {
    return jobs.resolve(id + SUFFIX);
  }

  private Database database(Path file, int mode) {
    return new Database(dialect, file.toString(), () -> connect(file, mode));
  }

  /**
   * Opens a connection. The switch of a new file to a write-ahead log fails at once, instead of
   * waiting, while another process does the same, so it is tried again.
   */
  private static Connection connect(Path file, int mode) throws SQLException {
    long deadline = TimeSource.SYSTEM.nanos() + TimeUnit.SECONDS.toNanos(BUSY_SECONDS);
    while (true) {
      try {
        return connectOnce(file, mode);
      } catch (SQLException e) {
        if (!SqliteDialect.isBusy(e) || TimeSource.SYSTEM.nanos() - deadline > 0) {
          throw e;
        }
      }
      try {
        TimeUnit.MILLISECONDS.sleep(BUSY_PAUSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new SQLException("interrupted while another process opened the file", e);
      }
    }
  }

  private static Connection connectOnce(Path file, int mode) throws SQLException {
    Properties settings = new Properties();
    settings.setProperty("open_mode", Integer.toString(mode));
    settings.setProperty("journal_mode", "WAL");
    settings.setProperty("synchronous", "FULL");
    settings.setProperty("busy_timeout", Integer.toString(BUSY_SECONDS * 1000));
    try {
      return DriverManager.getConnection("jdbc:sqlite:" + file, settings);
    } catch (LinkageError e) {
      throw new SQLException(
          "SQLite's native library cannot be loaded from "
              + System.getProperty(LIBRARY_FOLDER)
              + "; set -D"
              + LIBRARY_FOLDER
              + " to a folder from which programs may be executed",
          e);
    }
  }

  @Override
  public Database catalogue() {
    Database catalogue = database(folder.resolve("jobs" + SUFFIX), NEW);
    Migrations.apply(catalogue);
    return catalogue;
  }

  @Override
  public Database create(String id) {
    return migrated(database(file(id), NEW));
  }

  @Override
  public Database open(String id) {
    if (!exists(id)) {
      throw new StoreException(
          "cannot open job "
              + id
              + ": its file "
              + file(id)
              + " is missing; restore it, or delete the job",
          null);
    }
    return migrated(database(file(id), EXISTING));
  }

  private static Database migrated(Database database) {
    try {
      Migrations.apply(database);
      return database;
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  @Override
  public boolean isSplit() {
    return true;
  }

  @Override
  public boolean exists(String id) {
    return Files.exists(file(id));
  }

  @Override
  public void remove(String id) {
    try {
      // the database first: a log without its database is ignored
      for (String suffix : List.of("", "-wal", "-shm", "-journal")) {
        Files.deleteIfExists(jobs.resolve(id + SUFFIX + suffix));
      }
    } catch (IOException e) {
      throw new StoreException("cannot remove " + file(id) + ": " + reason(e), e);
    }
  }

  @Override
  public List<String> ids() {
    try (Stream<Path> files = Files.list(jobs)) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.endsWith(SUFFIX))
          .map(name -> name.substring(0, name.length() - SUFFIX.length()))
          .toList();
    } catch (IOException e) {
      throw new StoreException("cannot list " + jobs + ": " + reason(e), e);
    }
  }
}

package dev.warren.jobs.store.database;

import dev.warren.jobs.store.StoreException;
import java.util.List;

/** Which databases a store consists of. Thread-safe. */
public sealed interface Layout permits FolderLayout, ServerLayout {
  /**
   * The layout of a store.
   *
   * @param url a folder, which is created if necessary, or the JDBC URL of a PostgreSQL database
   * @throws StoreException if it is neither, or cannot be created
   */
  static Layout of(String url) {
    if (url.startsWith(ServerLayout.PREFIX)) {
      return new ServerLayout(url);
    }
    if (url.startsWith("jdbc:")) {
      throw new StoreException(
          "cannot open "
              + ServerLayout.masked(url)
              + ": a store is a folder or a PostgreSQL database, jdbc:postgresql://host/database",
          null);
    }
    return FolderLayout.prepare(url);
  }

  /** The kind of database and where it is, without a password. */
  String description();

  /** Connects to the catalogue and brings its tables up to date. */
  Database catalogue();

  /** Creates the database of a new job, if it is one of its own. */
  Database create(String id);

  /**
   * Opens the database of a job.
   *
   * @throws StoreException if it does not exist
   */
  Database open(String id);

  /** Whether jobs have databases of their own; the catalogue then has a copy of each job's row. */
  boolean isSplit();

  /** Whether the job's own database exists; true if it is the catalogue. */
  boolean exists(String id);

  /** Removes the job's own database, if there is one. */
  void remove(String id);

  /** The ids of jobs that have databases of their own. */
  List<String> ids();
}

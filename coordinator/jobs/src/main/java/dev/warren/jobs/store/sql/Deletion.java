package dev.warren.jobs.store.sql;

import dev.warren.jobs.store.JobState;
import dev.warren.jobs.store.database.Database;
import dev.warren.jobs.store.database.Layout;
import dev.warren.lifecycle.Logs;
import java.util.Optional;
import org.slf4j.Logger;

/** Removes jobs, uploads and what they left. Thread-safe. */
final class Deletion {
  private static final Logger log = Logs.of(Deletion.class);

  private final Layout layout;
  private final Catalogue catalogue;

  Deletion(Layout layout, Catalogue catalogue) {
    this.layout = layout;
    this.catalogue = catalogue;
  }

  /** Removes an upload that was not accepted. */
  void drop(String id) {
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

  /** Deletes a job that exists; returns false if somebody's lease is valid. */
  boolean delete(String id, String who) {
    if (!layout.isSplit() || !layout.exists(id)) {
      return catalogue
          .database()
          .write(
              "delete job " + id,
              session -> {
                boolean deleted = JobRows.delete(session, id);
                if (deleted) {
                  JobRows.removeContent(session, id);
                  PoolRows.removeKeys(session, id);
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
    deleted.ifPresent(row -> finish(row, who));
    return deleted.isPresent();
  }

  /** Completes the deletion of a job whose own row is marked as deleted. */
  void finish(JobRows.Row row, String who) {
    String id = row.record().id();
    catalogue
        .database()
        .run(
            "delete job " + id,
            session -> {
              PoolRows.removeKeys(session, id);
              if (JobRows.copy(session, row)) {
                JobRows.audit(session, id, who, JobState.DELETED.name());
              }
            });
    layout.remove(id);
  }

  /** Removes files of jobs that do not exist; a job is in the catalogue before it has a file. */
  void removeLeftovers() {
    for (String id : layout.ids()) {
      Optional<JobRows.Row> row = catalogue.row(id);
      if (row.isEmpty() || row.get().record().state() == JobState.DELETED) {
        log.info("removing what a deleted job left in {}: {}", layout.description(), id);
        layout.remove(id);
      }
    }
  }
}

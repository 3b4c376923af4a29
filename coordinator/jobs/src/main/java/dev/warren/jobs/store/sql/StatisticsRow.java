package dev.warren.jobs.store.sql;

import dev.warren.jobs.store.JobStatistics;
import dev.warren.jobs.store.database.Session;
import dev.warren.json.Json;
import dev.warren.task.Payload;
import java.sql.SQLException;

/** The statements on the table {@code statistics}. Stateless. */
final class StatisticsRow {
  private StatisticsRow() {}

  static void write(Session session, String job, JobStatistics statistics) throws SQLException {
    session.update(
        """
        insert into statistics (job, body) values (?, ?)
        on conflict (job) do update set body = excluded.body""",
        job,
        Json.write(statistics).text());
  }

  static JobStatistics read(Session session, String job) throws SQLException {
    return session
        .first("select body from statistics where job = ?", row -> row.getString(1), job)
        .map(body -> Json.read(Payload.of(body), JobStatistics.class))
        .orElse(JobStatistics.NONE);
  }
}

package dev.warren.jobs.store.database;

import java.sql.SQLException;
import java.util.List;

/** PostgreSQL. Stateless. */
public record PostgresDialect() implements Dialect {

  @Override
  public String begin() {
    return "begin";
  }

  /** The clock that goes on during a transaction. */
  @Override
  public String now() {
    return "cast(extract(epoch from clock_timestamp()) * 1000 as bigint)";
  }

  @Override
  public String bytesType() {
    return "bytea";
  }

  /** The server would otherwise try to compress each body, which takes longer than writing it. */
  @Override
  public List<String> tuning() {
    return List.of(
        "alter table segment alter column body set storage external",
        "alter table input_block alter column body set storage external");
  }

  @Override
  public List<String> lockTables() {
    return List.of("select pg_advisory_xact_lock(7246871301)");
  }

  @Override
  public String hasMigrations() {
    return "select 1 where to_regclass('migration') is not null";
  }

  @Override
  public List<String> relaxed() {
    return List.of("set synchronous_commit = off");
  }

  /** A commit flushes the server's log, in which all earlier commits are. */
  @Override
  public List<String> durable() {
    return List.of("reset synchronous_commit");
  }

  @Override
  public boolean breaksConnection(SQLException failure) {
    return !isDuplicate(failure);
  }

  @Override
  public boolean isDuplicate(SQLException failure) {
    return "23505".equals(failure.getSQLState());
  }

  @Override
  public String explain(SQLException failure) {
    String state = String.valueOf(failure.getSQLState());
    String text = Dialect.firstLine(failure);
    return switch (state) {
      case "28P01", "28000" ->
          "the server refuses this user or password (" + text + "); correct them in the URL";
      case "3D000" -> "the server has no such database; create it with createdb";
      case "42501", "3F000" ->
          "this user may not create or change tables there ("
              + text
              + "); grant it the right, or set currentSchema in the URL";
      case "42P07" ->
          "its tables have the names of Warren's ("
              + text
              + "); use a database of its own, or set currentSchema in the URL";
      case "53100" -> "the server's disk is full; free space on it";
      case "53300" -> "the server has no free connection (" + text + "); raise its max_connections";
      default -> {
        if (state.startsWith("08")) {
          yield "no PostgreSQL server answers (" + text + "); start it or correct the URL";
        }
        if (state.startsWith("57P")) {
          yield "the server is stopping or starting (" + text + ")";
        }
        yield text;
      }
    };
  }
}

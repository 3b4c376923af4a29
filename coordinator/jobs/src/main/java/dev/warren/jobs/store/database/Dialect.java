package dev.warren.jobs.store.database;

import java.sql.SQLException;
import java.util.List;

/** What differs between the databases. Stateless. */
public sealed interface Dialect permits SqliteDialect, PostgresDialect {

  /** Replaces the placeholders of a statement: {@code {now}} and {@code {bytes}}. */
  default String complete(String sql) {
    return sql.indexOf('{') < 0 ? sql : sql.replace("{now}", now()).replace("{bytes}", bytesType());
  }

  /** Begins a transaction that writes. */
  String begin();

  /** An expression for the database's clock, in milliseconds since the epoch. */
  String now();

  /** The type of columns with bytes. */
  String bytesType();

  /** Statements that follow those of the first migration. */
  List<String> tuning();

  /** A statement that lets one process at a time create or update tables. */
  List<String> lockTables();

  /** A query that has a row if the table of migrations exists. */
  String hasMigrations();

  /** Statements after which commits may be lost in a power failure, until {@link #durable}. */
  List<String> relaxed();

  /** Statements after which a commit is durable, and all commits before it. */
  List<String> durable();

  /** Whether a new connection is needed after this failure. */
  boolean breaksConnection(SQLException failure);

  /** Whether the failure is that of a unique index. */
  boolean isDuplicate(SQLException failure);

  /** The reason for a failure and, if there is one, the remedy, on one line. */
  String explain(SQLException failure);

  /** The first line of a failure's message. */
  static String firstLine(SQLException failure) {
    String message = String.valueOf(failure.getMessage()).strip();
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end).strip();
  }
}

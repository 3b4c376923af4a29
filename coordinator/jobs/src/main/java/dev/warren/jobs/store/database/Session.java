package dev.warren.jobs.store.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Runs the statements of one unit of work on a connection. Parameters are texts, longs, byte arrays
 * and null. Confined to the work's thread.
 */
public final class Session {
  private final Connection connection;
  private final Dialect dialect;
  private boolean undone;

  Session(Connection connection, Dialect dialect) {
    this.connection = connection;
    this.dialect = dialect;
  }

  /** Makes a value of the current row. */
  @FunctionalInterface
  public interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
  }

  Dialect dialect() {
    return dialect;
  }

  /** Runs a statement as it is. */
  void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Returns the number of changed rows. */
  public int update(String sql, @Nullable Object... parameters) throws SQLException {
    try (PreparedStatement statement = prepare(sql, parameters)) {
      return statement.executeUpdate();
    }
  }

  /** Runs the statement once per list of parameters. */
  public void batch(String sql, List<@Nullable Object[]> each) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(dialect.complete(sql))) {
      for (@Nullable Object[] parameters : each) {
        bind(statement, parameters);
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  /** Returns the value of the first row; empty if there is none. */
  public <T> Optional<T> first(String sql, RowReader<T> reader, @Nullable Object... parameters)
      throws SQLException {
    try (PreparedStatement statement = prepare(sql, parameters);
        ResultSet rows = statement.executeQuery()) {
      return rows.next() ? Optional.of(reader.read(rows)) : Optional.empty();
    }
  }

  /** Returns the values of all rows. */
  public <T> List<T> all(String sql, RowReader<T> reader, @Nullable Object... parameters)
      throws SQLException {
    try (PreparedStatement statement = prepare(sql, parameters);
        ResultSet rows = statement.executeQuery()) {
      List<T> values = new ArrayList<>();
      while (rows.next()) {
        values.add(reader.read(rows));
      }
      return values;
    }
  }

  /** The transaction is to be rolled back at its end, without an error. */
  public void undo() {
    undone = true;
  }

  boolean isUndone() {
    return undone;
  }

  private PreparedStatement prepare(String sql, @Nullable Object... parameters)
      throws SQLException {
    PreparedStatement statement = connection.prepareStatement(dialect.complete(sql));
    try {
      bind(statement, parameters);
      return statement;
    } catch (SQLException | RuntimeException e) {
      statement.close();
      throw e;
    }
  }

  private static void bind(PreparedStatement statement, @Nullable Object... parameters)
      throws SQLException {
    for (int i = 0; i < parameters.length; i++) {
      Object parameter = parameters[i];
      if (parameter instanceof byte[] bytes) {
        statement.setBytes(i + 1, bytes);
      } else {
        statement.setObject(i + 1, parameter);
      }
    }
  }
}

package dev.warren.jobs.store.sql;

import dev.warren.jobs.store.JobStore;
import dev.warren.testkit.server.SharedPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** The databases that every test of the store runs on. */
public enum StoreKind {
  SQLITE {
    @Override
    public String newUrl(Path folder) {
      return folder.resolve("store").toString();
    }
  },
  POSTGRESQL {
    @Override
    public String newUrl(Path folder) throws SQLException {
      String server = SharedPostgres.get().url();
      String schema = SharedPostgres.newSchema();
      try (Connection connection = DriverManager.getConnection(server);
          Statement statement = connection.createStatement()) {
        statement.execute("create schema " + schema);
      }
      return server + "&currentSchema=" + schema;
    }
  };

  /** Returns the URL of an empty store. */
  public abstract String newUrl(Path folder) throws SQLException;

  public JobStore open(Path folder) throws SQLException {
    return SqlStore.open(newUrl(folder));
  }
}

package dev.warren.jobs.store.sql;

import dev.warren.jobs.store.database.Database;
import dev.warren.jobs.store.database.Dialect;
import dev.warren.jobs.store.database.PostgresDialect;
import dev.warren.jobs.store.database.SqliteDialect;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** Opens connections that break at a commit, before or after the database has written it. */
final class LosingConnector implements Database.Connector {
  private enum Next {
    SUCCEED,
    WRITE_AND_FAIL,
    FAIL
  }

  private final StoreKind kind;
  private final String url;
  private Next next = Next.SUCCEED;

  LosingConnector(StoreKind kind, String url, String job) {
    this.kind = kind;
    this.url = kind == StoreKind.SQLITE ? "jdbc:sqlite:" + url + "/jobs/" + job + ".db" : url;
  }

  Dialect dialect() {
    return kind == StoreKind.SQLITE ? new SqliteDialect() : new PostgresDialect();
  }

  /** The next commit reports a failure, whether it is written or not. */
  void loseNextCommit(boolean written) {
    next = written ? Next.WRITE_AND_FAIL : Next.FAIL;
  }

  @Override
  public Connection connect() throws SQLException {
    Connection real = DriverManager.getConnection(url);
    return (Connection)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              Object result = invoke(real, method, arguments);
              return result instanceof Statement statement
                      && method.getName().equals("createStatement")
                  ? losing(statement)
                  : result;
            });
  }

  private Statement losing(Statement real) {
    return (Statement)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Statement.class},
            (proxy, method, arguments) -> {
              boolean commit = method.getName().equals("execute") && arguments[0].equals("commit");
              Next now = commit ? next : Next.SUCCEED;
              if (commit) {
                next = Next.SUCCEED;
              }
              if (now == Next.FAIL) {
                throw new SQLException("lost before the commit", "08006");
              }
              Object result = invoke(real, method, arguments);
              if (now == Next.WRITE_AND_FAIL) {
                throw new SQLException("lost after the commit", "08006");
              }
              return result;
            });
  }

  private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}

package dev.warren.jobs.store.database;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.jobs.store.StoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One database: a connection that writes and one that reads, each opened when it is first needed
 * and again after it broke. Thread-safe: one unit of work at a time on each connection.
 *
 * <p>For maintainers: transactions are begun by statements, because SQLite's driver begins the next
 * one, with its lock, at the end of each.
 */
public final class Database implements AutoCloseable {
  private final Dialect dialect;
  private final String place;
  private final Connector connector;
  private final Object writing = new Object();
  private final Object reading = new Object();

  @GuardedBy("writing")
  private @Nullable Connection writer;

  @GuardedBy("writing")
  private boolean relaxed;

  @GuardedBy("reading")
  private @Nullable Connection reader;

  private volatile boolean closed; // read under either lock, written under both

  /**
   * Creates a database without connecting.
   *
   * @param place the URL without a password, or the file, for messages
   */
  public Database(Dialect dialect, String place, Connector connector) {
    this.dialect = dialect;
    this.place = place;
    this.connector = connector;
  }

  /** Opens connections. */
  @FunctionalInterface
  public interface Connector {
    Connection connect() throws SQLException;
  }

  /** A unit of work. */
  @FunctionalInterface
  public interface Work<T> {
    T run(Session session) throws SQLException;
  }

  /** Statements without a result. */
  @FunctionalInterface
  public interface Statements {
    void run(Session session) throws SQLException;
  }

  Dialect dialect() {
    return dialect;
  }

  public String place() {
    return place;
  }

  /**
   * Runs the work in a transaction.
   *
   * @param what for the message of a failure: "write job x"
   * @throws DuplicateException if a row violates a unique index
   */
  public <T> T write(String what, Work<T> work) {
    synchronized (writing) {
      try {
        Session session = begin();
        boolean done = false;
        try {
          T result = work.run(session);
          if (!session.isUndone()) {
            session.execute("commit");
            done = true;
          }
          return result;
        } finally {
          if (!done) {
            rollBack(session);
          }
        }
      } catch (SQLException e) {
        if (dialect.breaksConnection(e)) {
          writer = discard(writer);
        }
        throw failure(what, e);
      }
    }
  }

  /** Runs the statements in a transaction, like {@link #write}. */
  public void run(String what, Statements statements) {
    write(
        what,
        session -> {
          statements.run(session);
          return true;
        });
  }

  /** Begins a transaction, on a new connection if the old one broke while it was idle. */
  @GuardedBy("writing")
  private Session begin() throws SQLException {
    boolean fresh = writer == null;
    Session session = new Session(writer(), dialect);
    try {
      session.execute(dialect.begin());
    } catch (SQLException e) {
      if (fresh || !dialect.breaksConnection(e)) {
        throw e;
      }
      writer = discard(writer);
      session = new Session(writer(), dialect);
      session.execute(dialect.begin());
    }
    return session;
  }

  /**
   * Runs work that only reads, each statement in a transaction of its own; twice if the connection
   * broke while it was idle.
   */
  public <T> T read(String what, Work<T> work) {
    synchronized (reading) {
      try {
        boolean fresh = reader == null;
        try {
          return work.run(new Session(reader(), dialect));
        } catch (SQLException e) {
          if (fresh || !dialect.breaksConnection(e)) {
            throw e;
          }
          reader = discard(reader);
          return work.run(new Session(reader(), dialect));
        }
      } catch (SQLException e) {
        if (dialect.breaksConnection(e)) {
          reader = discard(reader);
        }
        throw failure(what, e);
      }
    }
  }

  @GuardedBy("reading")
  private Connection reader() throws SQLException {
    Connection connection = reader;
    if (connection == null) {
      connection = open();
      reader = connection;
    }
    return connection;
  }

  /** Commits need not survive a power failure from now on. */
  public void relax() {
    synchronized (writing) {
      relaxed = true;
      configure(dialect.relaxed());
    }
  }

  /** From now on a commit is durable, and with it all earlier ones. */
  public void makeDurable() {
    synchronized (writing) {
      relaxed = false;
      configure(dialect.durable());
    }
  }

  @GuardedBy("writing")
  private void configure(List<String> statements) {
    Connection connection = writer;
    if (connection == null) {
      return; // a new connection is durable, or becomes relaxed when it is opened
    }
    try {
      execute(connection, statements);
    } catch (SQLException e) {
      writer = discard(connection);
      throw failure("configure the connection to", e);
    }
  }

  @GuardedBy("writing")
  private Connection writer() throws SQLException {
    Connection connection = writer;
    if (connection == null) {
      connection = open();
      writer = connection;
      if (relaxed) {
        execute(connection, dialect.relaxed());
      }
    }
    return connection;
  }

  private void execute(Connection connection, List<String> statements) throws SQLException {
    Session session = new Session(connection, dialect);
    for (String statement : statements) {
      session.execute(statement);
    }
  }

  private Connection open() throws SQLException {
    if (closed) {
      throw new StoreException(place + " is closed", null);
    }
    return connector.connect();
  }

  private static void rollBack(Session session) {
    try {
      session.execute("rollback");
    } catch (SQLException e) {
      // there is no transaction any more, and the failure that ended it is already being reported
    }
  }

  private static @Nullable Connection discard(@Nullable Connection connection) {
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException e) {
        // it is not used again
      }
    }
    return null;
  }

  private StoreException failure(String what, SQLException cause) {
    String message = "cannot " + what + " in " + place + ": " + dialect.explain(cause);
    return dialect.isDuplicate(cause)
        ? new DuplicateException(message, cause)
        : new StoreException(message, cause);
  }

  /** Waits until the present units of work have ended. */
  @Override
  public void close() {
    synchronized (writing) {
      synchronized (reading) {
        closed = true;
        reader = discard(reader);
      }
      writer = discard(writer);
    }
  }

  /** A row violates a unique index. */
  public static final class DuplicateException extends StoreException {
    private static final long serialVersionUID = 1;

    DuplicateException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}

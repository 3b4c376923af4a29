package dev.warren.jobs.store.database;

import dev.warren.jobs.store.StoreException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;

/** Everything in one PostgreSQL database. Thread-safe. */
final class ServerLayout implements Layout {
  static final String PREFIX = "jdbc:postgresql:";
  private static final Pattern SECRET =
      Pattern.compile("((?:ssl)?password)=[^&]*", Pattern.CASE_INSENSITIVE);
  private static final Pattern USER = Pattern.compile("//[^/@?]*@");

  private final String url;
  private final Dialect dialect = new PostgresDialect();

  ServerLayout(String url) {
    this.url = url;
  }

  /** The URL without its password. */
  static String masked(String url) {
    return USER.matcher(SECRET.matcher(url).replaceAll("$1=***")).replaceFirst("//***@");
  }

  @Override
  public String description() {
    return "PostgreSQL " + masked(url);
  }

  private Connection connect() throws SQLException {
    // parameters in the URL win
    Properties settings = new Properties();
    settings.setProperty("ApplicationName", "warren");
    settings.setProperty("connectTimeout", "10");
    settings.setProperty("socketTimeout", "60");
    // an owner that is stopped between two statements must not keep others from taking over
    settings.setProperty("options", "-c idle_in_transaction_session_timeout=10000");
    settings.setProperty("tcpKeepAlive", "true");
    try {
      return DriverManager.getConnection(url, settings);
    } catch (SQLException e) {
      if (String.valueOf(e.getMessage()).startsWith("No suitable driver")) {
        // not the cause: its message has the password
        throw new StoreException(
            "cannot open "
                + masked(url)
                + ": the PostgreSQL driver, org.postgresql:postgresql, is not on the class path, or"
                + " the URL is malformed",
            null);
      }
      throw e;
    }
  }

  private Database database() {
    return new Database(dialect, masked(url), this::connect);
  }

  @Override
  public Database catalogue() {
    Database catalogue = database();
    Migrations.apply(catalogue);
    return catalogue;
  }

  @Override
  public Database create(String id) {
    return database();
  }

  @Override
  public Database open(String id) {
    return database();
  }

  @Override
  public boolean isSplit() {
    return false;
  }

  @Override
  public boolean exists(String id) {
    return true;
  }

  @Override
  public void remove(String id) {}

  @Override
  public List<String> ids() {
    return List.of();
  }
}

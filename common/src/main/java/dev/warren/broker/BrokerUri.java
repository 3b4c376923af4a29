package dev.warren.broker;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A broker URI: {@code local:}, or {@code amqp://user:password@host:5672/vhost?pool=NAME}, with
 * {@code amqps} for TLS. Several hosts of one cluster are separated by commas. Special characters
 * in user, password, vhost and pool are percent-encoded; a missing or empty vhost means {@code /}.
 * Immutable.
 *
 * @param local whether the broker is in this process's memory; only {@code pool} is used then
 * @param tls whether connections are encrypted
 * @param hosts tried by each client in a random order; a host whose connection fails or is lost
 *     comes last
 * @param user default {@code guest}
 * @param password default {@code guest}
 * @param vhost virtual host
 * @param pool default {@link PoolNames#DEFAULT_POOL}
 * @param heartbeat option {@code heartbeat}, in seconds: a connection that is silent for two of
 *     these intervals counts as lost
 * @param connectTimeout option {@code connect_timeout}, in seconds, for one attempt to reach one
 *     host
 */
public record BrokerUri(
    boolean local,
    boolean tls,
    List<Host> hosts,
    String user,
    String password,
    String vhost,
    String pool,
    Duration heartbeat,
    Duration connectTimeout) {
  public static final Duration DEFAULT_HEARTBEAT = Duration.ofSeconds(10);
  public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(5);

  private static final String EXAMPLE = "amqp://user:password@host:5672/vhost?pool=NAME";

  /** A host and its port; an IPv6 address is stored without brackets. */
  public record Host(String name, int port) {
    @Override
    public String toString() {
      return (name.contains(":") ? "[" + name + "]" : name) + ":" + port;
    }
  }

  public BrokerUri {
    hosts = List.copyOf(hosts);
  }

  /**
   * Parses a broker URI.
   *
   * @throws IllegalArgumentException with one line that names the problem, without the password
   */
  public static BrokerUri parse(String uri) {
    if (uri.startsWith("local:")) {
      return localUri(uri.substring("local:".length()));
    }
    boolean tls = uri.startsWith("amqps://");
    if (!tls && !uri.startsWith("amqp://")) {
      int colon = uri.indexOf(':');
      // without a scheme, the text before the first colon may be part of a secret
      boolean shown = colon > 0 && (uri.startsWith("://", colon) || uri.indexOf('@') < 0);
      throw new IllegalArgumentException(
          "broker URI "
              + (shown ? "has the scheme '" + uri.substring(0, colon) + "'" : "has no scheme")
              + "; write local: or "
              + EXAMPLE);
    }
    String rest = uri.substring(uri.indexOf("//") + 2);
    String query = after(rest, '?', "");
    String beforeQuery = before(rest, '?');
    String authority = before(beforeQuery, '/');
    if (rest.indexOf('@', authority.length()) >= 0) {
      // a password with an unescaped / or ? would be parsed as host, port, vhost or option, and
      // shown
      throw new IllegalArgumentException(
          "broker URI has an '@' after the first '/' or '?'; write '/' and '?' in user or password as"
              + " %2F and %3F, and '@' in a vhost as %40");
    }
    String vhost = decoded("vhost", after(beforeQuery, '/', ""));
    int at = authority.lastIndexOf('@');
    String login = at < 0 ? "guest:guest" : authority.substring(0, at);
    Options options = Options.read(query);
    return new BrokerUri(
        false,
        tls,
        hosts(authority.substring(at + 1), tls ? 5671 : 5672),
        named("user", decoded("user", before(login, ':'))),
        decoded("password", after(login, ':', "guest")),
        vhost.isEmpty() ? "/" : vhost,
        options.pool,
        options.heartbeat,
        options.connectTimeout);
  }

  private static BrokerUri localUri(String rest) {
    if (!rest.isEmpty() && !rest.startsWith("?")) {
      throw new IllegalArgumentException(
          "broker URI local: may be followed only by ?pool=NAME, found '" + rest + "'");
    }
    Options options = Options.read(after(rest, '?', ""));
    return new BrokerUri(
        true,
        false,
        List.of(),
        "",
        "",
        "",
        options.pool,
        options.heartbeat,
        options.connectTimeout);
  }

  public boolean isLocal() {
    return local;
  }

  /** Returns the same broker with another pool. */
  public BrokerUri withPool(String newPool) {
    return new BrokerUri(
        local,
        tls,
        hosts,
        user,
        password,
        vhost,
        new PoolNames(newPool).pool(),
        heartbeat,
        connectTimeout);
  }

  /** Hosts and vhost, as shown in error messages. */
  public String where() {
    String names = hosts.stream().map(Host::toString).collect(Collectors.joining(","));
    return names + (vhost.equals("/") ? "" : " vhost '" + vhost + "'");
  }

  /** The URI with its password masked. */
  @Override
  public String toString() {
    if (local) {
      return pool.equals(PoolNames.DEFAULT_POOL) ? "local:" : "local:?pool=" + pool;
    }
    return (tls ? "amqps://" : "amqp://")
        + user
        + ":***@"
        + hosts.stream().map(Host::toString).collect(Collectors.joining(","))
        + "/"
        + (vhost.equals("/") ? "" : vhost)
        + "?pool="
        + pool;
  }

  private static List<Host> hosts(String text, int defaultPort) {
    List<Host> hosts = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      hosts.add(host(part, defaultPort));
    }
    return hosts;
  }

  private static Host host(String text, int defaultPort) {
    int bracket = text.indexOf(']');
    if (text.startsWith("[") && bracket > 0) {
      String port = text.substring(bracket + 1);
      if (!port.isEmpty() && !port.startsWith(":")) {
        throw new IllegalArgumentException(
            "broker URI: the ']' of a host must be followed by nothing, or by ':' and a port");
      }
      return new Host(
          text.substring(1, bracket), port.isEmpty() ? defaultPort : port(port.substring(1)));
    }
    String name = named("host", before(text, ':'));
    String port = after(text, ':', "");
    return new Host(name, text.indexOf(':') < 0 ? defaultPort : port(port));
  }

  private static int port(String text) {
    int port = text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
    if (port < 1 || port > 65535) {
      // if the host was left out, this is the password
      String shown =
          text.length() < 2 || text.matches("[0-9]+") ? "'" + text + "'" : "not a number";
      throw new IllegalArgumentException("broker URI: port is " + shown + "; must be 1 to 65535");
    }
    return port;
  }

  private static String named(String what, String value) {
    if (value.isEmpty()) {
      throw new IllegalArgumentException("broker URI has no " + what + "; write " + EXAMPLE);
    }
    return value;
  }

  private static String before(String text, char mark) {
    int at = text.indexOf(mark);
    return at < 0 ? text : text.substring(0, at);
  }

  private static String after(String text, char mark, String otherwise) {
    int at = text.indexOf(mark);
    return at < 0 ? otherwise : text.substring(at + 1);
  }

  private static String decoded(String what, String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "broker URI: " + what + " has a '%' that is not followed by two hex digits; write %25",
          e);
    }
  }

  /** The options after the question mark. */
  private record Options(String pool, Duration heartbeat, Duration connectTimeout) {

    static Options read(String query) {
      Options options =
          new Options(PoolNames.DEFAULT_POOL, DEFAULT_HEARTBEAT, DEFAULT_CONNECT_TIMEOUT);
      for (String part : query.isEmpty() ? new String[0] : query.split("&")) {
        options = options.with(before(part, '='), decoded("option", after(part, '=', "")));
      }
      return options;
    }

    private Options with(String name, String value) {
      return switch (name) {
        case "pool" -> new Options(new PoolNames(value).pool(), heartbeat, connectTimeout);
        case "heartbeat" -> new Options(pool, seconds(name, value, 5, 60), connectTimeout);
        case "connect_timeout" -> new Options(pool, heartbeat, seconds(name, value, 1, 60));
        default ->
            throw new IllegalArgumentException(
                "broker URI has an unknown option '"
                    + name
                    + "'; known: pool, heartbeat, connect_timeout");
      };
    }

    private static Duration seconds(String name, String value, int min, int max) {
      int seconds = value.matches("[0-9]{1,4}") ? Integer.parseInt(value) : -1;
      if (seconds < min || seconds > max) {
        throw new IllegalArgumentException(
            "broker URI: "
                + name
                + " is '"
                + value
                + "'; must be "
                + min
                + " to "
                + max
                + " seconds");
      }
      return Duration.ofSeconds(seconds);
    }
  }
}

package dev.warren.service;

import dev.warren.task.Bounds;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a service. Immutable.
 *
 * @param store a folder (SQLite) or a JDBC URL of PostgreSQL
 * @param host name or address to listen on
 * @param port 0 for any free port
 * @param token what clients must present; null for none, which only a loopback address allows
 * @param maxInputBytes maximum size of one job's input
 * @param grace how long {@code close} waits for requests that are being answered
 */
public record ServiceConfig(
    String store,
    String host,
    int port,
    @Nullable String token,
    long maxInputBytes,
    Duration grace) {
  public static final String DEFAULT_HOST = "127.0.0.1";
  public static final int DEFAULT_PORT = 8765;

  /** 64 GiB. */
  public static final long DEFAULT_MAX_INPUT_BYTES = 64L << 30;

  public static final Duration DEFAULT_GRACE = Duration.ofSeconds(10);

  /** Minimum length of a token, in characters. */
  public static final int SHORTEST_TOKEN = 16;

  private static final int LONGEST_TOKEN = 1000;
  private static final int MAX_PORT = 65_535;

  public ServiceConfig {
    Bounds.check("port", port, 0, MAX_PORT);
    Bounds.atLeast("maxInputBytes", maxInputBytes, 1);
    Bounds.check("grace", grace, Duration.ZERO, Duration.ofHours(1));
    if (token != null) {
      checkToken(token);
    } else if (!isLoopback(host)) {
      throw new IllegalArgumentException(
          "host is "
              + host
              + ", which others can reach, and token is not set; set one, or listen on "
              + DEFAULT_HOST);
    }
  }

  /** Creates a builder with this store and all other settings at their defaults. */
  public static Builder of(String store) {
    return new Builder(store);
  }

  /**
   * Whether only programs of this machine can reach a service that listens on this host.
   *
   * @throws IllegalArgumentException if there is no such host
   */
  public static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("host is '" + host + "', which is no known address", e);
    }
  }

  private static void checkToken(String token) {
    if (token.length() < SHORTEST_TOKEN || token.length() > LONGEST_TOKEN) {
      throw new IllegalArgumentException(
          "token has "
              + token.length()
              + " characters; must have "
              + SHORTEST_TOKEN
              + " to "
              + LONGEST_TOKEN);
    }
    if (!token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new IllegalArgumentException(
          "token has a character that a header cannot carry; use letters, digits and punctuation");
    }
  }

  /** The settings, without the token. */
  @Override
  public String toString() {
    return host + ":" + port + (token == null ? "" : ", with a token");
  }

  /** Collects settings; {@link #build()} checks them. Not thread-safe. */
  public static final class Builder {
    private final String store;
    private String host = DEFAULT_HOST;
    private int port = DEFAULT_PORT;
    private @Nullable String token;
    private long maxInputBytes = DEFAULT_MAX_INPUT_BYTES;
    private Duration grace = DEFAULT_GRACE;

    private Builder(String store) {
      this.store = store;
    }

    /** Name or address to listen on; default {@link #DEFAULT_HOST}. */
    public Builder host(String name) {
      host = name;
      return this;
    }

    /** Port to listen on, 0 for any free one; default {@link #DEFAULT_PORT}. */
    public Builder port(int number) {
      port = number;
      return this;
    }

    /** What clients must present; null, the default, for none. */
    public Builder token(@Nullable String secret) {
      token = secret;
      return this;
    }

    /** Maximum size of one job's input; default 64 GiB. */
    public Builder maxInputBytes(long bytes) {
      maxInputBytes = bytes;
      return this;
    }

    /** How long {@code close} waits for requests that are being answered; default 10 s. */
    public Builder grace(Duration time) {
      grace = time;
      return this;
    }

    /**
     * Checks and returns the settings.
     *
     * @throws IllegalArgumentException naming the setting, its value and its bound
     */
    public ServiceConfig build() {
      return new ServiceConfig(store, host, port, token, maxInputBytes, grace);
    }
  }
}

package dev.warren.broker.rabbit.connection;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Address;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.Method;
import com.rabbitmq.client.PossibleAuthenticationFailureException;
import com.rabbitmq.client.ShutdownSignalException;
import dev.warren.broker.BrokerException;
import dev.warren.broker.BrokerLimit;
import dev.warren.broker.BrokerUri;
import dev.warren.broker.BrokerUri.Host;
import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.NamedThreads;
import dev.warren.lifecycle.TimeSource;
import io.github.resilience4j.core.IntervalFunction;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** Opens connections to RabbitMQ, retrying until one is open. Thread-safe. */
public final class RabbitConnector {
  private static final Logger log = Logs.of(RabbitConnector.class);

  /**
   * Minimum channel_max: consumers have a channel each, overlap while one replaces another, and
   * declarations need channels too.
   */
  private static final int MIN_CHANNELS = 16;

  private static final Duration RPC_TIMEOUT = Duration.ofSeconds(15);
  private static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration LOG_EVERY = Duration.ofSeconds(30);

  /** From this attempt on the back-off no longer grows. */
  private static final int STEEPEST = 12;

  /**
   * Back-off before reconnecting, republishing and consuming again: 0.1 s doubling to 5 s, ±30 %.
   */
  private static final IntervalFunction WAITS =
      IntervalFunction.ofExponentialRandomBackoff(100, 2.0, 0.3, 5_000);

  private final BrokerUri uri;
  private final String name;
  // by side; each entry is confined to the thread that connects for its side
  private final Map<String, ShortLives> lives = new ConcurrentHashMap<>();
  // by side: the host of its newest connection
  private final Map<String, Host> connectedTo = new ConcurrentHashMap<>();
  private final HostOrder order;

  public RabbitConnector(BrokerUri uri, String name) {
    this.uri = uri;
    this.name = name;
    this.order = new HostOrder(uri.hosts(), new Random());
  }

  /** An open connection with what it writes to and its server's version. */
  public record OpenConnection(Connection connection, CorkedOutput output, ServerVersion version) {

    public boolean isOpen() {
      return connection.isOpen();
    }

    /** Closes it without blocking, on a separate thread. */
    public void abandon() {
      NamedThreads.start("broker-abandon", () -> connection.abort(1000));
    }
  }

  /** Back-off after the given number of consecutive failures, counted from 1. */
  public static Duration waitAfter(int attempt) {
    return Duration.ofMillis(WAITS.apply(Math.min(Math.max(attempt, 1), STEEPEST)));
  }

  /**
   * Tries until a connection is open, to replace the one that this side had before, whose host is
   * tried last. Waits first if the previous connection, or several in a row, were short-lived.
   *
   * @param side what the connection is for; one thread at a time connects for a side
   * @param limit how long to try; with a limit, an error that retrying cannot heal is thrown at
   *     once; null to try indefinitely
   * @param stop when it reaches zero, the method returns
   * @return null if stopped
   * @throws BrokerException in one line, when the limit has passed
   */
  public @Nullable OpenConnection connect(
      String side, @Nullable Duration limit, CountDownLatch stop) throws InterruptedException {
    ShortLives before = lives.computeIfAbsent(side, s -> new ShortLives());
    Duration pause = before.ended(TimeSource.SYSTEM.nanos());
    if (!pause.isZero()) {
      log.debug("{}: the last connection was short-lived; waiting {} before the next", side, pause);
      if (stop.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
        return null;
      }
    }
    Host lost = connectedTo.remove(side);
    if (lost != null) {
      order.failed(lost);
    }
    OpenConnection standing = connectOnce(side, limit, stop);
    before.began(TimeSource.SYSTEM.nanos());
    return standing;
  }

  /** Like {@link #connect}, for a connection that replaces no other. */
  public @Nullable OpenConnection connectOnce(
      String side, @Nullable Duration limit, CountDownLatch stop) throws InterruptedException {
    long start = TimeSource.SYSTEM.nanos();
    long logged = start - LOG_EVERY.toNanos();
    String lastLogged = "";
    for (int attempt = 1; stop.getCount() > 0; attempt++) {
      Duration wait = waitAfter(attempt);
      try {
        return openAny(side, stop);
      } catch (IOException | TimeoutException | RuntimeException e) {
        BrokerException failure = explained(e);
        long now = TimeSource.SYSTEM.nanos();
        boolean tooLate = limit != null && now - start + wait.toNanos() > limit.toNanos();
        if (tooLate || (limit != null && failure.isRefusal())) {
          throw failure;
        }
        String text = String.valueOf(failure.getMessage());
        if (!text.equals(lastLogged) || now - logged >= LOG_EVERY.toNanos()) {
          log.warn("{}; retrying until it answers", text);
          lastLogged = text;
          logged = now;
        }
      }
      if (stop.await(wait.toMillis(), TimeUnit.MILLISECONDS)) {
        return null;
      }
    }
    return null;
  }

  /**
   * Tries each host once.
   *
   * @throws IOException the failure of the last host; the others' are logged
   */
  private OpenConnection openAny(String side, CountDownLatch stop)
      throws IOException, TimeoutException {
    List<Host> hosts = order.hosts();
    for (int i = 0; ; i++) {
      Host host = hosts.get(i);
      try {
        OpenConnection opened = open(side, host);
        connectedTo.put(side, host);
        return opened;
      } catch (IOException | TimeoutException | RuntimeException e) {
        order.failed(host);
        if (i == hosts.size() - 1 || stop.getCount() == 0) {
          throw e;
        }
        log.debug("{} does not accept the {} connection; trying the next host", host, side, e);
      }
    }
  }

  private OpenConnection open(String side, Host host) throws IOException, TimeoutException {
    ConnectionFactory factory = client();
    factory.setUsername(uri.user());
    factory.setPassword(uri.password());
    factory.setVirtualHost(uri.vhost());
    factory.setAutomaticRecoveryEnabled(false);
    factory.setTopologyRecoveryEnabled(false);
    factory.setRequestedHeartbeat((int) uri.heartbeat().toSeconds());
    factory.setConnectionTimeout((int) uri.connectTimeout().toMillis());
    factory.setHandshakeTimeout((int) HANDSHAKE_TIMEOUT.toMillis());
    factory.setChannelRpcTimeout((int) RPC_TIMEOUT.toMillis());
    factory.setMaxInboundMessageBodySize(Integer.MAX_VALUE);
    factory.setThreadFactory(NamedThreads.factory("broker-" + side + "-io"));
    factory.setExceptionHandler(new DebugExceptions());
    Map<String, Object> properties = new HashMap<>(factory.getClientProperties());
    properties.put("product", "Warren");
    factory.setClientProperties(properties);
    GuardedSockets sockets = uri.tls() ? tlsSockets() : GuardedSockets.plain();
    factory.setSocketFactory(sockets);
    List<Address> address = List.of(new Address(host.name(), host.port()));
    Connection connection = factory.newConnection(new CallerRuns(), address, name + " " + side);
    int channels = connection.getChannelMax();
    if (channels > 0 && channels < MIN_CHANNELS) { // 0: unlimited
      connection.abort();
      throw BrokerException.refusal(
          "broker: "
              + uri.where()
              + " allows "
              + channels
              + " channels per connection; Warren needs "
              + MIN_CHANNELS
              + ": raise channel_max in rabbitmq.conf");
    }
    return new OpenConnection(
        connection, sockets.output(), ServerVersion.of(connection.getServerProperties()));
  }

  private static ConnectionFactory client() {
    try {
      return new ConnectionFactory();
    } catch (NoClassDefFoundError e) {
      throw BrokerException.refusal(
          "broker: this version of amqp-client needs a library that is not on the class path ("
              + e.getMessage()
              + "); 5.27 to 5.30 need Netty: remove its exclusion, or use 5.25 or 5.37");
    }
  }

  private static GuardedSockets tlsSockets() {
    try {
      return GuardedSockets.tls(SSLContext.getDefault());
    } catch (GeneralSecurityException e) {
      throw new BrokerException("TLS cannot be used: " + e.getMessage(), e);
    }
  }

  /** Whether retrying is useless until the configuration changes. */
  private static boolean permanent(Throwable e) {
    Method reason = reason(e);
    return e instanceof AuthenticationFailureException
        || e instanceof SSLException
        || (reason instanceof AMQP.Connection.Close close
            && (close.getReplyCode() == AMQP.NOT_ALLOWED
                || close.getReplyCode() == AMQP.ACCESS_REFUSED));
  }

  /** Describes the failure in one line, with a remedy. */
  private BrokerException explained(Throwable e) {
    String where = uri.where();
    String what;
    if (e instanceof BrokerException known) {
      return known;
    } else if (e instanceof UnknownHostException) {
      what = "broker: host " + where + " is unknown";
    } else if (e instanceof NoRouteToHostException) {
      what = "broker: no route to " + where;
    } else if (e instanceof ConnectException) {
      what = "broker: nothing listens on " + where + " (" + e.getMessage() + ")";
    } else if (e instanceof SocketTimeoutException || e instanceof TimeoutException) {
      what = "broker: " + where + " does not answer; is it RabbitMQ, and does it have memory left?";
    } else if (e instanceof AuthenticationFailureException
        || e instanceof PossibleAuthenticationFailureException) {
      what = "broker: " + where + " refuses user '" + uri.user() + "': wrong name or password";
    } else if (e instanceof SSLException) {
      boolean untrusted = String.valueOf(e.getMessage()).contains("PKIX");
      what =
          "broker: no TLS with "
              + where
              + ": "
              + e.getMessage()
              + (untrusted
                  ? "; put its CA's certificate into a trust store and pass that to Java with"
                      + " -Djavax.net.ssl.trustStore"
                  : "");
    } else {
      what = "broker: " + where + ": " + reasonText(e, uri.tls());
    }
    return new BrokerException(what, e, permanent(e));
  }

  private static String reasonText(Throwable e, boolean tls) {
    Method reason = reason(e);
    if (reason instanceof AMQP.Connection.Close close) {
      return close.getReplyText() + BrokerLimit.remedy(close.getReplyText());
    }
    String text = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return "the connection ended in the handshake ("
        + text
        + "); is this "
        + (tls ? "RabbitMQ's TLS port?" : "RabbitMQ's port, and without TLS?");
  }

  /**
   * Returns the broker's close reason from an exception or one of its causes; null if there is
   * none.
   */
  static @Nullable Method reason(@Nullable Throwable e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof ShutdownSignalException signal && signal.getReason() != null) {
        return signal.getReason();
      }
    }
    return null;
  }

  /** A short text for the end of a connection or channel. */
  public static String text(ShutdownSignalException e) {
    if (e.getReason() instanceof AMQP.Connection.Close close) {
      return close.getReplyText();
    }
    if (e.getReason() instanceof AMQP.Channel.Close close) {
      return close.getReplyText();
    }
    Throwable cause = e.getCause();
    return cause == null ? "connection closed" : String.valueOf(cause);
  }

  /**
   * Runs the client's consumer callbacks on its reading thread: all they do is add to our queue.
   */
  private static final class CallerRuns extends AbstractExecutorService {
    @Override
    public void execute(Runnable work) {
      work.run();
    }

    @Override
    public void shutdown() {}

    @Override
    public List<Runnable> shutdownNow() {
      return List.of();
    }

    @Override
    public boolean isShutdown() {
      return false;
    }

    @Override
    public boolean isTerminated() {
      return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      return true;
    }
  }
}

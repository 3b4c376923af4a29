package dev.warren.broker.rabbit;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import dev.warren.broker.Broker;
import dev.warren.broker.BrokerException;
import dev.warren.broker.BrokerListener;
import dev.warren.broker.BrokerUri;
import dev.warren.broker.Delivery;
import dev.warren.broker.Route;
import dev.warren.broker.Subscription;
import dev.warren.broker.Topology;
import dev.warren.broker.rabbit.connection.AmqpMessages;
import dev.warren.broker.rabbit.connection.BrokerReply;
import dev.warren.broker.rabbit.connection.ConnectionEvents;
import dev.warren.broker.rabbit.connection.DeclaredTopology;
import dev.warren.broker.rabbit.connection.RabbitConnector;
import dev.warren.broker.rabbit.connection.RabbitConnector.OpenConnection;
import dev.warren.broker.rabbit.connection.ServerVersion;
import dev.warren.broker.rabbit.consume.RabbitConsumer;
import dev.warren.broker.rabbit.publish.RabbitPublisher;
import dev.warren.lifecycle.Logs;
import dev.warren.meter.BrokerMeters;
import dev.warren.task.Bounds;
import dev.warren.wire.Message;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * RabbitMQ, over two connections: one publishes, the other consumes and acknowledges, so that a
 * broker that blocks publishers still reads acknowledgements. Each connection has its own thread
 * ({@link RabbitPublisher}, {@link RabbitConsumer}) and reconnects on its own, indefinitely, with a
 * back-off of 0.1 to 5 s. Thread-safe.
 *
 * <p>{@link #declare}, {@link #delete} and {@link #depth} run on the caller's thread, each on its
 * own channel of the consuming connection, because a refusal closes the channel.
 */
public final class RabbitBroker implements Broker {
  /** A message that is unconfirmed for this long is sent again on a new channel. */
  public static final Duration CONFIRM_TIMEOUT = Duration.ofSeconds(30);

  /**
   * Interval of the watchdog for consumers that receive nothing; a stalled consumer is restarted
   * after three checks.
   */
  public static final Duration LOOK_EVERY = Duration.ofSeconds(15);

  private static final Logger log = Logs.of(RabbitBroker.class);

  private final RabbitConnector connector;
  private final @Nullable Duration connectTimeout;
  private final DeclaredTopology topology;
  private final ConnectionEvents events;
  private final RabbitPublisher publisher;
  private final RabbitConsumer consumer;
  // volatile: written and read by any thread; the last known version, for answers while
  // disconnected
  private volatile ServerVersion version;
  // volatile: set once by close, read by every operation
  private volatile boolean closed;

  private RabbitBroker(
      RabbitConnector connector,
      String name,
      OpenConnection publishing,
      OpenConnection consuming,
      @Nullable Duration connectTimeout,
      Duration confirmTimeout,
      Duration lookEvery,
      BrokerMeters meters) {
    this.connector = connector;
    this.connectTimeout = connectTimeout;
    this.version = consuming.version();
    this.topology = new DeclaredTopology();
    this.events = new ConnectionEvents(name);
    this.publisher =
        new RabbitPublisher(connector, publishing, topology, events, confirmTimeout, meters);
    this.consumer =
        new RabbitConsumer(connector, consuming, topology, events, lookEvery, publisher::roundTrip);
    events.opened(publishing, consuming);
  }

  /**
   * Connects. Blocks until both connections are open.
   *
   * @param name shown by the server as the connections' name
   * @param connectTimeout how long to keep trying, now and whenever {@link #declare}, {@link
   *     #delete} and {@link #depth} find the broker away; null to wait indefinitely
   * @throws BrokerException in one line: host unknown, nothing listens, wrong password, vhost
   *     missing or not allowed, no TLS; thrown at once if waiting cannot help
   */
  public static RabbitBroker open(BrokerUri uri, String name, @Nullable Duration connectTimeout)
      throws InterruptedException {
    return open(uri, name, connectTimeout, BrokerMeters.detached());
  }

  /** Connects, and counts with these meters. */
  public static RabbitBroker open(
      BrokerUri uri, String name, @Nullable Duration connectTimeout, BrokerMeters meters)
      throws InterruptedException {
    return open(uri, name, connectTimeout, CONFIRM_TIMEOUT, LOOK_EVERY, meters);
  }

  public static RabbitBroker open(
      BrokerUri uri,
      String name,
      @Nullable Duration connectTimeout,
      Duration confirmTimeout,
      Duration lookEvery,
      BrokerMeters meters)
      throws InterruptedException {
    if (uri.isLocal()) {
      throw new IllegalArgumentException("uri is " + uri + "; must be amqp: or amqps:");
    }
    RabbitConnector connector = new RabbitConnector(uri, name);
    CountDownLatch never = new CountDownLatch(1);
    OpenConnection publishing = standing(connector.connect("publish", connectTimeout, never));
    OpenConnection consuming;
    try {
      consuming = standing(connector.connect("consume", connectTimeout, never));
    } catch (BrokerException | InterruptedException e) {
      publishing.abandon();
      throw e;
    }
    RabbitBroker broker =
        new RabbitBroker(
            connector,
            name,
            publishing,
            consuming,
            connectTimeout,
            confirmTimeout,
            lookEvery,
            meters);
    meters.watch(broker);
    broker.publisher.start();
    broker.consumer.start();
    ServerVersion version = consuming.version();
    log.info("{}: connected to {} at {}", name, version, uri);
    if (!version.supported()) {
      log.warn("{}: Warren is tested with RabbitMQ 3.10 and later; this is {}", name, version);
    }
    return broker;
  }

  private static OpenConnection standing(@Nullable OpenConnection standing) {
    if (standing == null) {
      throw new AssertionError("connecting ended without a connection and without a stop");
    }
    return standing;
  }

  @Override
  public void declare(Topology wanted) {
    List<BrokerException> refused =
        admin("declaring", link -> topology.declare(link.connection(), wanted));
    if (!refused.isEmpty()) {
      throw refused.get(0);
    }
    topology.add(wanted);
  }

  @Override
  public void forget(String queue) {
    topology.removeQueue(queue);
  }

  @Override
  public void delete(String queue) {
    String address = topology.address(queue);
    topology.removeQueue(queue);
    consumer.forget(queue);
    int messages =
        onChannel(
            "deleting queue " + queue, channel -> channel.queueDelete(address).getMessageCount());
    log.debug("deleted queue {} with {} messages", queue, messages);
  }

  /**
   * Removes the ready messages of a queue; unsettled deliveries stay with their consumers. Blocks.
   *
   * @return the number of messages removed
   * @throws BrokerException if there is no such queue, or the broker refuses or stays away
   */
  public int purge(String queue) {
    return onChannel(
        "purging queue " + queue, channel -> channel.queuePurge(queue).getMessageCount());
  }

  /** Deletes an exchange with all its bindings, if it exists. Blocks. */
  public void deleteExchange(String exchange) {
    onChannel("deleting exchange " + exchange, channel -> channel.exchangeDelete(exchange));
  }

  @Override
  public CompletableFuture<Receipt> publish(Route route, Message message) {
    int size = message.body().length();
    int limit = maxBodyBytes();
    if (size > limit) {
      return CompletableFuture.failedFuture(BrokerException.tooLarge(size, limit));
    }
    String defect = AmqpMessages.defect(route, message);
    if (defect != null) {
      return CompletableFuture.failedFuture(BrokerException.unsendable(defect));
    }
    return publisher.publish(route, message);
  }

  @Override
  public Subscription subscribe(String queue, int prefetch, Consumer<Delivery> handler) {
    Bounds.check("prefetch", prefetch, 1, Broker.MAX_PREFETCH);
    checkOpen();
    if (!topology.hasQueue(queue)) {
      throw new IllegalStateException("queue " + queue + " is not declared; declare it first");
    }
    return consumer.subscribe(queue, prefetch, handler);
  }

  @Override
  public String address(String queue) {
    return topology.address(queue);
  }

  @Override
  public Optional<QueueDepth> depth(String queue) {
    return admin(
        "reading the depth of queue " + queue,
        link -> DeclaredTopology.depth(link.connection(), topology.address(queue)));
  }

  /**
   * Starts to browse a quorum queue, over a separate connection.
   *
   * @param max maximum number of messages to take, 0 or more
   * @throws BrokerException if the queue does not exist, or the broker refuses or stays away
   */
  public QueueBrowser browse(String queue, long max) throws InterruptedException {
    checkOpen();
    CountDownLatch never = new CountDownLatch(1);
    OpenConnection own = standing(connector.connectOnce("browse", connectTimeout, never));
    try {
      return QueueBrowser.begin(own, queue, max);
    } catch (BrokerException e) {
      own.abandon();
      throw e;
    }
  }

  @Override
  public void browse(String queue, long max, Consumer<Message> visitor)
      throws InterruptedException {
    try (QueueBrowser browser = browse(queue, max)) {
      for (var item = browser.next(); item != null; item = browser.next()) {
        visitor.accept(item.message());
      }
    }
  }

  /**
   * Runs an operation on the consuming connection; repeats it if the connection was lost meanwhile.
   */
  private <T> T admin(String what, Operation<T> operation) {
    while (true) {
      checkOpen();
      OpenConnection link = events.awaitConsuming(connectTimeout);
      try {
        return operation.on(link);
      } catch (IOException | ShutdownSignalException e) {
        if (link.isOpen()) {
          throw BrokerReply.refusal(what, e);
        }
        log.debug("{}: the connection was lost; retrying", what, e);
      }
    }
  }

  /** Runs an operation on a channel of its own, which a refusal closes. */
  private <T> T onChannel(String what, ChannelOperation<T> operation) {
    return admin(
        what,
        link -> {
          Channel channel = DeclaredTopology.channel(link.connection());
          try {
            return operation.on(channel);
          } finally {
            DeclaredTopology.close(channel);
          }
        });
  }

  private void checkOpen() {
    if (closed) {
      throw new BrokerException("this broker connection is closed");
    }
  }

  @Override
  public void addListener(BrokerListener listener) {
    events.addListener(listener);
  }

  @Override
  public void removeListener(BrokerListener listener) {
    events.removeListener(listener);
  }

  @Override
  public int unconfirmed() {
    return publisher.unconfirmed();
  }

  @Override
  public int maxBodyBytes() {
    return publisher.maxBodyBytes(version().maxBodyBytes());
  }

  /** Version of the server on the newest connection. */
  public ServerVersion version() {
    ServerVersion newest = events.version();
    if (newest != null) {
      version = newest;
    }
    return version;
  }

  /**
   * RabbitMQ persists the existence of a quorum queue with a short delay. If it is killed before
   * (seen with 3.10.8, one second after the declaration), it recreates the queue empty at its next
   * start.
   */
  @Override
  public Duration queueAtRiskFor() {
    return Duration.ofSeconds(2);
  }

  @Override
  public Duration deliveryTimeout() {
    Duration byVersion = version().deliveryTimeout();
    Duration seen = consumer.deliveryTimeoutSeen();
    return seen != null && seen.compareTo(byVersion) < 0 ? seen : byVersion;
  }

  @Override
  public Duration roundTrip() {
    return publisher.roundTrip();
  }

  @Override
  public String description() {
    return version().toString();
  }

  @Override
  public boolean connected() {
    return events.bothStand();
  }

  @Override
  public boolean flush(Duration limit) throws InterruptedException {
    return publisher.flush(limit);
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    events.close();
    boolean interrupted = false;
    try {
      consumer.close();
      publisher.close();
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @FunctionalInterface
  private interface Operation<T> {
    T on(OpenConnection link) throws IOException;
  }

  @FunctionalInterface
  private interface ChannelOperation<T> {
    T on(Channel channel) throws IOException;
  }
}

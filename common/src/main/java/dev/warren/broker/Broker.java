package dev.warren.broker;

import dev.warren.wire.Message;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Where tasks wait and outcomes go. Thread-safe.
 *
 * <p>A broker outlives its connections: while it is away, messages to publish are kept (unconfirmed
 * ones are sent again, so a message can arrive twice but is never lost), and once it is back all
 * that was declared and subscribed stands again. No method but {@link #declare}, {@link #depth},
 * {@link #delete} and {@link #close} blocks.
 */
public interface Broker extends AutoCloseable {
  /** Deliveries that one consumer may hold unsettled: RabbitMQ's bound for a quorum queue. */
  int MOST_PREFETCH = 2000;

  /** A broker with a shorter round trip is near: what is held ahead anyway hides it. */
  Duration NEAR = Duration.ofMillis(5);

  /** Bytes of the largest body that are left to what surrounds arguments or outcomes. */
  int BODY_MARGIN = 64 * 1024;

  /**
   * Makes sure these queues and exchanges exist, now and after each reconnect. Waits for the broker
   * to answer.
   *
   * @throws BrokerException if the broker refuses or stays away for longer than the connect timeout
   */
  void declare(Topology topology);

  /** Stops declaring the queue on reconnects and removes it with all it holds. Waits. */
  void delete(String queue);

  /**
   * Publishes, persistent and mandatory. Never blocks.
   *
   * <p>The future ends with {@link Receipt#CONFIRMED} once the broker has taken charge, with {@link
   * Receipt#UNROUTABLE} if no queue took the message (it is then nowhere), or exceptionally with
   * {@link BrokerException} if this broker is closed first, or refuses the message for good (too
   * large, no permission). Its callbacks run on a thread of the broker and must not block. For an
   * exchange with no matching binding UNROUTABLE is the ordinary answer.
   */
  CompletableFuture<Receipt> publish(Route route, Message message);

  /**
   * Consumes a queue until the subscription is cancelled: across reconnects, and again after the
   * broker cancelled it by itself (queue deleted, delivery timeout), redeclaring the queue first.
   *
   * @param prefetch most deliveries unsettled at once, 1 to {@link #MOST_PREFETCH}
   * @param handler gets each delivery on a thread of the broker, one at a time; must not block
   */
  Subscription subscribe(String queue, int prefetch, Consumer<Delivery> handler);

  /**
   * Whether the queue exists, and how much waits in it; empty where it does not exist. Waits.
   *
   * @throws BrokerException if the broker refuses, stays away for longer than the connect timeout,
   *     or cannot tell: of a cluster, the node that has the queue is down
   */
  Optional<QueueDepth> depth(String queue);

  /**
   * Reads the messages that wait in a quorum queue, from its head, and leaves them there. Blocks.
   * The in-memory broker shows none: only workers fill its dead queue.
   *
   * @param most messages to read
   * @throws BrokerException if the queue does not exist, or the broker refuses or stays away
   */
  default void browse(String queue, long most, Consumer<Message> visitor)
      throws InterruptedException {}

  /** Hears of disconnects, reconnects and alarms, on a thread of the broker. */
  void addListener(BrokerListener listener);

  /** Messages accepted by {@link #publish} and not yet confirmed. */
  int unconfirmed();

  /**
   * Largest body the broker takes, in bytes: what its version takes, or less once a refusal has
   * told that it is configured so.
   */
  int maxBodyBytes();

  /**
   * How long a delivery of a task queue may stay unsettled before the broker takes it away; as far
   * as known.
   */
  default Duration deliveryTimeout() {
    return Duration.ofMillis(PoolNames.CONSUMER_TIMEOUT_MS);
  }

  /**
   * How old a queue must be to outlive the broker's being killed, with what it has confirmed; zero
   * where that makes no difference.
   */
  default Duration queueAtRiskFor() {
    return Duration.ZERO;
  }

  /**
   * How long the way to the broker and back takes at best, as measured lately; zero where that is
   * not known or there is no way.
   */
  default Duration roundTrip() {
    return Duration.ZERO;
  }

  /** The server's product and version, for logs: {@code RabbitMQ 3.10.8}, {@code in memory}. */
  String description();

  /** Whether a connection stands at this moment. */
  boolean connected();

  /** Waits up to {@code limit} for {@link #unconfirmed()} to reach 0; says whether it did. */
  boolean flush(Duration limit) throws InterruptedException;

  /**
   * Ends all subscriptions and connections; what is unconfirmed ends with BrokerException.
   * Deliveries not settled go back to their queues. Idempotent.
   */
  @Override
  void close();

  /** What became of a published message. */
  enum Receipt {
    CONFIRMED,
    UNROUTABLE
  }

  /**
   * Ready messages and consumers of a queue; deliveries not yet settled are not counted.
   *
   * @param ready messages waiting
   * @param consumers subscriptions on it
   */
  record QueueDepth(int ready, int consumers) {}
}

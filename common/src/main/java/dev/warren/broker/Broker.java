package dev.warren.broker;

import dev.warren.wire.Message;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A message broker: task queues, results queues and control exchanges. Thread-safe.
 *
 * <p>A broker outlives its connections. While it is away, messages to publish are kept, and
 * unconfirmed ones are published again, so a message can arrive twice but is never lost. After a
 * reconnect everything that was declared and subscribed is restored. Only {@link #declare}, {@link
 * #delete}, {@link #depth}, {@link #browse}, {@link #flush} and {@link #close} block.
 */
public interface Broker extends AutoCloseable {
  /** Maximum prefetch of a consumer, in messages: RabbitMQ's limit for quorum queues. */
  int MAX_PREFETCH = 2000;

  /** Below this round trip the broker counts as near: prefetched tasks hide the latency anyway. */
  Duration NEAR = Duration.ofMillis(5);

  /** Bytes of the largest body that are reserved for the lines around arguments or outcomes. */
  int BODY_MARGIN = 64 * 1024;

  /**
   * Declares these queues, exchanges and bindings, now and after each reconnect. Blocks until the
   * broker answers.
   *
   * @throws BrokerException if the broker refuses or stays away for longer than the connect timeout
   */
  void declare(Topology topology);

  /** Stops declaring the queue on reconnects; the queue stays. Does not block. */
  default void forget(String queue) {}

  /** Deletes the queue with all its messages, and stops declaring it on reconnects. Blocks. */
  void delete(String queue);

  /**
   * Publishes a persistent, mandatory message. Never blocks. If a queue rejects it, it is published
   * again until the queue takes it; through an exchange, where other queues have taken it, at most
   * three times in all.
   *
   * <p>The future completes with {@link Receipt#CONFIRMED} once the broker has taken responsibility
   * for the message, and with {@link Receipt#UNROUTABLE} if no queue accepted it (the message is
   * then discarded; normal for an exchange without a matching binding). It completes exceptionally
   * with {@link BrokerException} if this broker is closed first, or if the broker refuses the
   * message permanently (too large, no permission). Its callbacks run on a thread of the broker and
   * must not block.
   */
  CompletableFuture<Receipt> publish(Route route, Message message);

  /**
   * Consumes a queue until the subscription is cancelled: across reconnects, and also after the
   * broker cancelled the consumer (queue deleted, delivery timeout); the queue is then declared
   * again first.
   *
   * @param prefetch maximum number of unsettled deliveries, 1 to {@link #MAX_PREFETCH}
   * @param handler receives one delivery at a time, on a thread of the broker; must not block
   */
  Subscription subscribe(String queue, int prefetch, Consumer<Delivery> handler);

  /**
   * The name by which other processes reach an exclusive queue of this one, now: after a reconnect
   * the queue may have another name than declared, if that was locked. Everything here takes the
   * name as declared.
   */
  default String address(String queue) {
    return queue;
  }

  /**
   * Returns the queue's depth; empty if the queue does not exist. Blocks.
   *
   * @throws BrokerException if the broker refuses, stays away for longer than the connect timeout,
   *     or does not know because the cluster node that hosts the queue is down
   */
  Optional<QueueDepth> depth(String queue);

  /**
   * Reads the ready messages of a quorum queue, from its head, without removing them. Blocks. The
   * in-memory broker returns none: only workers fill its dead-letter queue.
   *
   * @param max maximum number of messages to read
   * @throws BrokerException if the queue does not exist, or the broker refuses or stays away
   */
  default void browse(String queue, long max, Consumer<Message> visitor)
      throws InterruptedException {}

  /**
   * Adds a listener for disconnects, reconnects and alarms; it is called on a thread of the broker.
   */
  void addListener(BrokerListener listener);

  /** Removes a listener; it may still be called once. */
  default void removeListener(BrokerListener listener) {}

  /** Number of messages accepted by {@link #publish} and not yet confirmed. */
  int unconfirmed();

  /**
   * Largest body that the broker accepts, in bytes: the default of its version, or less once a
   * refusal has shown a lower configured limit.
   */
  int maxBodyBytes();

  /**
   * How long a delivery of a task queue may stay unsettled before the broker takes it back, as far
   * as known.
   */
  default Duration deliveryTimeout() {
    return Duration.ofMillis(PoolNames.CONSUMER_TIMEOUT_MS);
  }

  /**
   * Minimum age at which a queue, with its confirmed messages, survives a kill of the broker; zero
   * if every queue does.
   */
  default Duration queueAtRiskFor() {
    return Duration.ZERO;
  }

  /** Best recently measured round trip to the broker; zero if unknown or if there is no network. */
  default Duration roundTrip() {
    return Duration.ZERO;
  }

  /** The server's product and version, for logs: {@code RabbitMQ 3.10.8}, {@code in memory}. */
  String description();

  /** The kind of broker, as traces name it. */
  default String system() {
    return "rabbitmq";
  }

  /** Whether the broker is connected at this moment. */
  boolean connected();

  /** Waits up to {@code limit} for {@link #unconfirmed()} to reach 0; returns false on timeout. */
  boolean flush(Duration limit) throws InterruptedException;

  /**
   * Cancels all subscriptions and closes all connections. Unconfirmed messages fail with
   * BrokerException; unsettled deliveries return to their queues. Idempotent.
   */
  @Override
  void close();

  /** The broker's answer to a published message. */
  enum Receipt {
    CONFIRMED,
    UNROUTABLE
  }

  /**
   * Ready messages and consumers of a queue; unsettled deliveries are not counted.
   *
   * @param ready number of messages waiting for delivery
   * @param consumers number of consumers
   */
  record QueueDepth(int ready, int consumers) {}
}

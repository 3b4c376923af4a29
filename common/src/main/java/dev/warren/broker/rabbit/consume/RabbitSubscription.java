package dev.warren.broker.rabbit.consume;

import dev.warren.broker.Broker;
import dev.warren.broker.BrokerException;
import dev.warren.broker.Delivery;
import dev.warren.broker.Subscription;
import dev.warren.broker.rabbit.connection.ShortLives;
import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.TimeSource;
import dev.warren.task.Bounds;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * The state of one subscription of a {@link RabbitConsumer}. Mutable fields are confined to the
 * consuming thread, except {@code ended}.
 */
final class RabbitSubscription implements Subscription {
  private static final Logger log = Logs.of(RabbitSubscription.class);

  final String queue;
  final StalledConsumerDetector starvation = new StalledConsumerDetector();
  // cancelled consumers with unsettled deliveries
  final Set<ConsumerChannel> retired = new HashSet<>();
  // consumers that may still deliver: the present one, and any being cancelled
  final Set<ConsumerChannel> delivering = new HashSet<>();
  int prefetch;
  @Nullable ConsumerChannel consumerChannel;
  boolean starting;
  // set until a prefetch is given or the connection ends
  boolean paused;
  long dueNanos = TimeSource.SYSTEM.nanos();
  int failures;
  // what was logged last about it; null once it is consumed
  @Nullable BrokerException trouble;
  final ShortLives lives = new ShortLives();
  // total of all its consumers
  long deliveries;
  // whether the depth of its queue is being queried
  boolean asking;
  // volatile: set once by the consuming thread, read by any
  volatile boolean ended;
  private final RabbitConsumer consumer;
  private final Consumer<Delivery> handler;

  RabbitSubscription(
      RabbitConsumer consumer, String queue, int prefetch, Consumer<Delivery> handler) {
    this.consumer = consumer;
    this.queue = queue;
    this.prefetch = checked(prefetch);
    this.handler = handler;
  }

  private static int checked(int prefetch) {
    return Bounds.check("prefetch", prefetch, 1, Broker.MAX_PREFETCH);
  }

  @Override
  public void prefetch(int newPrefetch) {
    checked(newPrefetch);
    consumer.later(() -> consumer.prefetch(this, newPrefetch));
  }

  @Override
  public void pause(Runnable paused) {
    consumer.later(() -> consumer.pause(this, paused));
  }

  @Override
  public void cancel() {
    consumer.later(() -> consumer.cancel(this));
  }

  @Override
  public boolean ended() {
    return ended;
  }

  /**
   * Whether a consumer must be started. None is while the unsettled deliveries use up the prefetch:
   * each new consumer gets the whole prefetch, whatever its predecessors still hold.
   */
  boolean isDue() {
    return consumerChannel == null && !starting && !paused && unsettled() < prefetch;
  }

  /** Whether a consumer is being replaced. */
  boolean isChanging() {
    return starting || delivering.size() > 1;
  }

  /** Unsettled deliveries of all its consumers. */
  int unsettled() {
    int sum = consumerChannel == null ? 0 : consumerChannel.tags().unsettled();
    for (ConsumerChannel one : retired) {
      sum += one.tags().unsettled();
    }
    return sum;
  }

  /** Calls the handler. An exception of the handler ends here; the delivery stays unsettled. */
  void handle(Delivery delivery) {
    deliveries++;
    try {
      handler.accept(delivery);
    } catch (Throwable e) {
      log.error("{}: the handler failed; its delivery stays unsettled", queue, e);
    }
  }
}

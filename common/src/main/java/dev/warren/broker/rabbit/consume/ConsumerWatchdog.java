package dev.warren.broker.rabbit.consume;

import com.rabbitmq.client.ShutdownSignalException;
import dev.warren.broker.Broker;
import dev.warren.broker.rabbit.connection.DeclaredTopology;
import dev.warren.broker.rabbit.connection.RabbitConnector.OpenConnection;
import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.Executor;
import org.slf4j.Logger;

/**
 * Periodically checks consumers that receive nothing: asks how many messages their queues hold, and
 * restarts consumers that {@linkplain StalledConsumerDetector starve}. Confined to the consuming
 * thread; the queries run on another thread because they block.
 */
final class ConsumerWatchdog {
  private static final Logger log = Logs.of(ConsumerWatchdog.class);

  private final RabbitConsumer consumer;
  private final DeclaredTopology topology;
  private final Executor asks;
  private final long everyNanos;
  private long nextLook;

  /**
   * Creates a watchdog whose first check is due after {@code every}.
   *
   * @param asks runs the queries, which block until the broker answers
   */
  ConsumerWatchdog(
      RabbitConsumer consumer, DeclaredTopology topology, Executor asks, Duration every) {
    this.consumer = consumer;
    this.topology = topology;
    this.asks = asks;
    this.everyNanos = every.toNanos();
    this.nextLook = TimeSource.SYSTEM.nanos() + everyNanos;
  }

  /** When the next check is due, by the monotonic clock. */
  long nextLook() {
    return nextLook;
  }

  /** Checks all subscriptions if a check is due. */
  void look(OpenConnection standing, Collection<RabbitSubscription> subscriptions) {
    long now = TimeSource.SYSTEM.nanos();
    if (nextLook - now > 0) {
      return;
    }
    nextLook = now + everyNanos;
    for (RabbitSubscription subscription : subscriptions) {
      ConsumerChannel consumerChannel = subscription.consumerChannel;
      boolean room = consumerChannel != null && consumerChannel.hasRoom();
      boolean quiet = subscription.starvation.look(room, subscription.deliveries);
      if (quiet && consumerChannel != null && !subscription.asking) {
        subscription.asking = true;
        ask(standing, consumerChannel, subscription.deliveries);
      }
    }
  }

  private void ask(OpenConnection standing, ConsumerChannel consumerChannel, long deliveries) {
    RabbitSubscription subscription = consumerChannel.subscription();
    asks.execute(
        () -> {
          try {
            int ready =
                DeclaredTopology.depth(standing.connection(), topology.address(subscription.queue))
                    .map(Broker.QueueDepth::ready)
                    .orElse(0);
            // queued after any deliveries that arrived in the meantime
            consumer.later(() -> answered(standing, consumerChannel, deliveries, ready));
          } catch (IOException | ShutdownSignalException e) {
            log.debug("cannot read the depth of queue {}", subscription.queue, e);
          } finally {
            consumer.later(() -> subscription.asking = false);
          }
        });
  }

  private void answered(
      OpenConnection standing, ConsumerChannel consumerChannel, long deliveries, int ready) {
    RabbitSubscription subscription = consumerChannel.subscription();
    if (subscription.consumerChannel != consumerChannel || subscription.deliveries != deliveries) {
      return;
    }
    switch (subscription.starvation.answered(ready > 0)) {
      case NONE -> {}
      case NEW_CHANNEL -> {
        log.warn(
            "queue {} holds {} messages but delivers none to this consumer, which has free prefetch;"
                + " restarting the consumer",
            subscription.queue,
            ready);
        consumer.startAnew(consumerChannel);
      }
      case NEW_CONNECTION -> {
        log.warn(
            "queue {} holds {} messages but still delivers none to this consumer; reconnecting",
            subscription.queue,
            ready);
        standing.abandon();
      }
    }
  }
}

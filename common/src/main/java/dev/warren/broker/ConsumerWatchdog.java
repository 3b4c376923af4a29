package dev.warren.broker;

import com.rabbitmq.client.ShutdownSignalException;
import dev.warren.broker.RabbitConnector.OpenConnection;
import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.Executor;
import org.slf4j.Logger;

/**
 * Looks now and then at the consumers that get nothing, asks their queues what waits there, and has
 * those start anew that {@linkplain Starvation starve}. Confined to the consuming thread; the
 * asking is done on another.
 */
final class ConsumerWatchdog {
  private static final Logger log = Logs.of(ConsumerWatchdog.class);

  private final RabbitConsumer consumer;
  private final Executor asks;
  private final long everyNanos;
  private long nextLook;

  /**
   * Makes one that first looks after {@code every}.
   *
   * @param asks runs what waits for the broker's answer
   */
  ConsumerWatchdog(RabbitConsumer consumer, Executor asks, Duration every) {
    this.consumer = consumer;
    this.asks = asks;
    this.everyNanos = every.toNanos();
    this.nextLook = TimeSource.SYSTEM.nanos() + everyNanos;
  }

  /** When it wants to look. */
  long nextLook() {
    return nextLook;
  }

  /** Looks if it is time. */
  void look(OpenConnection standing, Collection<RabbitSubscription> subscriptions) {
    long now = TimeSource.SYSTEM.nanos();
    if (nextLook - now > 0) {
      return;
    }
    nextLook = now + everyNanos;
    for (RabbitSubscription subscription : subscriptions) {
      Intake intake = subscription.intake;
      boolean room = intake != null && intake.hasRoom();
      boolean quiet = subscription.starvation.look(room, subscription.deliveries);
      if (quiet && intake != null && !subscription.asking) {
        subscription.asking = true;
        ask(standing, intake, subscription.deliveries);
      }
    }
  }

  private void ask(OpenConnection standing, Intake intake, long deliveries) {
    RabbitSubscription subscription = intake.subscription();
    asks.execute(
        () -> {
          try {
            int ready =
                DeclaredTopology.depth(standing.connection(), subscription.queue)
                    .map(Broker.QueueDepth::ready)
                    .orElse(0);
            // behind the deliveries that have come meanwhile
            consumer.later(() -> answered(standing, intake, deliveries, ready));
          } catch (IOException | ShutdownSignalException e) {
            log.debug("not known what waits in queue {}", subscription.queue, e);
          } finally {
            consumer.later(() -> subscription.asking = false);
          }
        });
  }

  private void answered(OpenConnection standing, Intake intake, long deliveries, int ready) {
    RabbitSubscription subscription = intake.subscription();
    if (subscription.intake != intake || subscription.deliveries != deliveries) {
      return;
    }
    switch (subscription.starvation.answered(ready > 0)) {
      case NONE -> {}
      case NEW_CHANNEL -> {
        log.warn(
            "queue {} holds {} messages and gives none to its consumer here, which has room for"
                + " them; consuming anew",
            subscription.queue,
            ready);
        consumer.startAnew(intake);
      }
      case NEW_CONNECTION -> {
        log.warn(
            "queue {} holds {} messages and still gives none to its consumer here; connecting anew",
            subscription.queue,
            ready);
        standing.abandon();
      }
    }
  }
}

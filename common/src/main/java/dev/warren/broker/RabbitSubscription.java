package dev.warren.broker;

import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.TimeSource;
import dev.warren.task.Bounds;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * A subscription: how it stands, for the {@link RabbitConsumer} whose it is. What can change is
 * confined to the consuming thread, but for the end.
 */
final class RabbitSubscription implements Subscription {
  private static final Logger log = Logs.of(RabbitSubscription.class);

  final String queue;
  final Starvation starvation = new Starvation();
  // whose consumer is no longer the present one and whose deliveries are not all settled
  final Set<Intake> retired = new HashSet<>();
  // whose consumer may still deliver: the present one, and those that are being cancelled
  final Set<Intake> delivering = new HashSet<>();
  int prefetch;
  @Nullable Intake intake;
  boolean starting;
  // until it is given a prefetch, or the connection ends
  boolean paused;
  long dueNanos = TimeSource.SYSTEM.nanos();
  int failures;
  final ShortLives lives = new ShortLives();
  String lastFailure = "";
  // of all its consumers
  long deliveries;
  // its queue is being asked what waits in it
  boolean asking;
  // volatile: set once by the consuming thread, read by all
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
    return Bounds.check("prefetch", prefetch, 1, Broker.MOST_PREFETCH);
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
   * Whether a consumer is wanted. None is while as much is unsettled as the prefetch allows: each
   * consumer is given that much whatever those before it still hold.
   */
  boolean isDue() {
    return intake == null && !starting && !paused && unsettled() < prefetch;
  }

  /** Whether one consumer is taking another's place. */
  boolean isChanging() {
    return starting || delivering.size() > 1;
  }

  /** Deliveries of all its consumers that are not settled. */
  int unsettled() {
    int sum = intake == null ? 0 : intake.tags().unsettled();
    for (Intake one : retired) {
      sum += one.tags().unsettled();
    }
    return sum;
  }

  /** Any exception of the handler ends here; its delivery stays unsettled. */
  void handle(Delivery delivery) {
    deliveries++;
    try {
      handler.accept(delivery);
    } catch (Throwable e) {
      log.error("{}: the handler failed; its delivery stays unsettled", queue, e);
    }
  }
}

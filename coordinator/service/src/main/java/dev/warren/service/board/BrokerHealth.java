package dev.warren.service.board;

import dev.warren.broker.Broker;
import dev.warren.broker.BrokerListener;
import dev.warren.broker.PoolNames;
import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.TimeSource;
import java.time.Duration;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** Whether the broker serves the pool, and how long its queues are. Thread-safe. */
final class BrokerHealth implements BrokerListener {
  private static final Logger log = Logs.of(BrokerHealth.class);
  private static final long FRESH = Duration.ofSeconds(5).toNanos();

  private final Broker broker;
  private final PoolNames names;
  private final TimeSource time;
  // volatile: set by the broker's thread
  private volatile @Nullable String blocked;
  private Depths depths = new Depths(0, 0);
  private long askedNanos;

  /**
   * Numbers of messages.
   *
   * @param waiting ready messages of the task queues
   * @param dead dead letters
   */
  record Depths(long waiting, long dead) {}

  private BrokerHealth(Broker broker, PoolNames names, TimeSource time) {
    this.broker = broker;
    this.names = names;
    this.time = time;
    this.askedNanos = time.nanos() - FRESH;
  }

  static BrokerHealth of(Broker broker, PoolNames names, TimeSource time) {
    BrokerHealth health = new BrokerHealth(broker, names, time);
    broker.addListener(health);
    return health;
  }

  void close() {
    broker.removeListener(this);
  }

  @Override
  public void blocked(String reason) {
    blocked = reason;
  }

  @Override
  public void unblocked() {
    blocked = null;
  }

  @Override
  public void reconnected() {
    blocked = null;
  }

  /** {@code fine}, {@code lost}, or {@code blocked: } and the broker's reason. */
  String text() {
    if (!broker.connected()) {
      return "lost";
    }
    String reason = blocked;
    return reason == null ? "fine" : "blocked: " + reason;
  }

  /** The depths of the queues, at most some seconds old. Blocks now and then. */
  synchronized Depths depths() {
    long now = time.nanos();
    if (now - askedNanos >= FRESH && broker.connected()) {
      askedNanos = now;
      try {
        long waiting = Stream.of(names.tasks(), names.again()).mapToLong(this::ready).sum();
        depths = new Depths(waiting, ready(names.dead()));
      } catch (RuntimeException e) {
        log.debug("the depths of the queues are not known: {}", e.getMessage());
      }
    }
    return depths;
  }

  private long ready(String queue) {
    return broker.depth(queue).map(Broker.QueueDepth::ready).orElse(0);
  }
}

package dev.warren.service.board;

import dev.warren.broker.Broker;
import dev.warren.broker.BrokerListener;
import org.jspecify.annotations.Nullable;

/** Whether the broker serves the pool. Thread-safe. */
final class BrokerHealth implements BrokerListener {
  private final Broker broker;
  // volatile: set by the broker's thread
  private volatile @Nullable String blocked;

  private BrokerHealth(Broker broker) {
    this.broker = broker;
  }

  static BrokerHealth of(Broker broker) {
    BrokerHealth health = new BrokerHealth(broker);
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
}

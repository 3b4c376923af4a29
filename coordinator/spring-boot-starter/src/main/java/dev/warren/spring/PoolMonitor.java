package dev.warren.spring;

import dev.warren.pool.PoolListener;
import org.jspecify.annotations.Nullable;

/** Remembers whether the pool's broker is connected, for health. Thread-safe. */
final class PoolMonitor implements PoolListener {
  // volatile: written by the pool's thread for events; null while the broker is connected
  private volatile @Nullable String brokerLost;

  /** Why the broker is not connected; null if it is. */
  @Nullable String brokerLost() {
    return brokerLost;
  }

  @Override
  public void brokerLost(String reason) {
    brokerLost = reason;
  }

  @Override
  public void brokerBack() {
    brokerLost = null;
  }
}

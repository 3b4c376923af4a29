package dev.warren.spring;

import dev.warren.pool.PoolListener;
import dev.warren.task.RemoteFailure;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Counts a pool's events, for health and metrics. Thread-safe. */
final class PoolMonitor implements PoolListener {
  final AtomicLong childrenStarted = new AtomicLong();
  final AtomicLong childrenRecycled = new AtomicLong();
  final AtomicLong childrenLost = new AtomicLong();
  final AtomicLong workers = new AtomicLong();
  final AtomicLong brokerLosses = new AtomicLong();
  // volatile: written by the pool's thread for events; null while the broker is connected
  private volatile @Nullable String brokerLost;

  /** Why the broker is not connected; null if it is. */
  @Nullable String brokerLost() {
    return brokerLost;
  }

  @Override
  public void childStarted(String child, long pid) {
    childrenStarted.incrementAndGet();
  }

  @Override
  public void childRecycled(String child, long pid, String reason) {
    childrenRecycled.incrementAndGet();
  }

  @Override
  public void childLost(String child, long pid, RemoteFailure evidence) {
    childrenLost.incrementAndGet();
  }

  @Override
  public void workerJoined(String worker, String host, int slots) {
    workers.incrementAndGet();
  }

  @Override
  public void workerLeft(String worker, String host, boolean expected) {
    workers.decrementAndGet();
  }

  @Override
  public void brokerLost(String reason) {
    brokerLosses.incrementAndGet();
    brokerLost = reason;
  }

  @Override
  public void brokerBack() {
    brokerLost = null;
  }
}

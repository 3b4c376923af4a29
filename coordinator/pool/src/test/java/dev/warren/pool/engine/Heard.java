package dev.warren.pool.engine;

import dev.warren.cluster.ClusterListener;

/** Counts the workers that left. */
public final class Heard implements ClusterListener {
  public int left;

  @Override
  public void workerJoined(String worker, String host, int slots) {}

  @Override
  public void workerLeft(String worker, String host, boolean expected) {
    left++;
  }

  @Override
  public void brokerLost(String reason) {}

  @Override
  public void brokerBack() {}

  @Override
  public void brokerBlocked(String reason) {}

  @Override
  public void brokerUnblocked() {}

  @Override
  public void released() {}
}

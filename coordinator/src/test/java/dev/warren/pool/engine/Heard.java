package dev.warren.pool.engine;

/** Counts the workers that left. */
final class Heard implements ClusterListener {
  int left;

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

package dev.warren.pool.engine;

import dev.warren.cluster.ClusterEvent;
import java.util.function.Consumer;

/** Counts the workers that left. */
public final class Heard implements Consumer<ClusterEvent> {
  public int left;

  @Override
  public void accept(ClusterEvent event) {
    if (event instanceof ClusterEvent.WorkerLeft) {
      left++;
    }
  }
}

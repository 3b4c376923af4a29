package dev.warren.worker.supervise;

import dev.warren.worker.config.HostMemory;
import dev.warren.worker.config.RecycleReason;
import dev.warren.worker.config.WorkerConfig;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * When a child is recycled. Each child draws its own bounds, up to a tenth below the configured
 * ones, so that children started together are not recycled together. Immutable.
 *
 * @param maxCalls calls it may be given; {@link Integer#MAX_VALUE} for no bound
 * @param maxMemory resident bytes; {@link Long#MAX_VALUE} for no bound
 * @param maxAgeNanos since it became ready; {@link Long#MAX_VALUE} for no bound
 * @param maxIdleNanos since its last call ended; {@link Long#MAX_VALUE} for no bound
 */
record RecyclePolicy(int maxCalls, long maxMemory, long maxAgeNanos, long maxIdleNanos) {
  private static final double JITTER = 0.1;

  /** Draws the bounds of one child. */
  static RecyclePolicy draw(WorkerConfig config, int poolMaxTasks, RandomGenerator random) {
    int calls = poolMaxTasks > 0 ? poolMaxTasks : config.maxTasksPerChild();
    double share = 1 - random.nextDouble() * JITTER;
    return new RecyclePolicy(
        calls == 0 ? Integer.MAX_VALUE : (int) Math.max(1, Math.ceil(calls * share)),
        config.maxMemoryPerChild() == 0 ? Long.MAX_VALUE : config.maxMemoryPerChild(),
        nanos(config.maxChildAge(), share),
        nanos(config.maxChildIdle(), share));
  }

  private static long nanos(@Nullable Duration bound, double share) {
    return bound == null ? Long.MAX_VALUE : (long) (bound.toNanos() * share);
  }

  /** The reason for a child that has run {@code calls} calls. */
  static Recycling ran(int calls) {
    return new Recycling(RecycleReason.CALLS, "ran " + calls + (calls == 1 ? " call" : " calls"));
  }

  /** Returns why a child with these readings should be recycled; null if it should not. */
  @Nullable Recycling reason(int calls, long memory, long ageNanos, long idleNanos) {
    if (calls >= maxCalls) {
      return ran(calls);
    }
    if (memory > maxMemory) {
      return new Recycling(
          RecycleReason.MEMORY,
          "memory " + HostMemory.mib(memory) + " over " + HostMemory.mib(maxMemory));
    }
    if (ageNanos > maxAgeNanos) {
      return new Recycling(
          RecycleReason.AGE, "age " + Duration.ofNanos(ageNanos).toSeconds() + " s");
    }
    if (idleNanos > maxIdleNanos) {
      return new Recycling(
          RecycleReason.IDLE, "idle for " + Duration.ofNanos(idleNanos).toSeconds() + " s");
    }
    return null;
  }
}

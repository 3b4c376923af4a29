package dev.warren.spring;

import dev.warren.pool.Pool;

/** A bean that changes the pool's settings after {@code warren.*} properties were applied. */
@FunctionalInterface
public interface PoolBuilderCustomizer {
  /** Called once, before the pool is opened. */
  void customize(Pool.Builder builder);
}

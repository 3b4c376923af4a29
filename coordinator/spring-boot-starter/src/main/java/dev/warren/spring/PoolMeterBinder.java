package dev.warren.spring;

import dev.warren.metrics.WarrenMetrics;
import dev.warren.pool.Pool;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Shows the pool's meters in the application's registries until the context ends. Thread-safe. */
final class PoolMeterBinder implements MeterBinder, AutoCloseable {
  private final Pool pool;
  private final Queue<WarrenMetrics> bound = new ConcurrentLinkedQueue<>();

  PoolMeterBinder(Pool pool) {
    this.pool = pool;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    bound.add(WarrenMetrics.bind(registry, pool));
  }

  @Override
  public void close() {
    bound.forEach(WarrenMetrics::close);
  }
}

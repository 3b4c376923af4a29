package dev.warren.spring;

import dev.warren.pool.Pool;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.concurrent.atomic.AtomicLong;

/** The pool's meters, tagged with its name. */
final class WarrenMetrics implements MeterBinder {
  private final Pool pool;
  private final PoolMonitor monitor;

  WarrenMetrics(Pool pool, PoolMonitor monitor) {
    this.pool = pool;
    this.monitor = monitor;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("warren.pool.processes", pool, Pool::processes)
        .description("Calls that can run at once")
        .tag("pool", pool.name())
        .register(registry);
    Gauge.builder("warren.pool.workers", monitor.workers, AtomicLong::get)
        .description("Workers that serve the pool")
        .tag("pool", pool.name())
        .register(registry);
    counter(registry, "started", monitor.childrenStarted, "Children that were started");
    counter(
        registry, "recycled", monitor.childrenRecycled, "Children that were replaced as planned");
    counter(registry, "lost", monitor.childrenLost, "Children that died unexpectedly");
    FunctionCounter.builder("warren.broker.losses", monitor.brokerLosses, AtomicLong::get)
        .description("Losses of the connection to the broker")
        .tag("pool", pool.name())
        .register(registry);
  }

  private void counter(MeterRegistry registry, String event, AtomicLong count, String text) {
    FunctionCounter.builder("warren.children." + event, count, AtomicLong::get)
        .description(text)
        .tag("pool", pool.name())
        .register(registry);
  }
}

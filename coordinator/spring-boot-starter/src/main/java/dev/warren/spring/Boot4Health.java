package dev.warren.spring;

import dev.warren.pool.Pool;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Health for Spring Boot 4. */
final class Boot4Health implements HealthIndicator {
  private final Pool pool;
  private final PoolMonitor monitor;

  Boot4Health(Pool pool, PoolMonitor monitor) {
    this.pool = pool;
    this.monitor = monitor;
  }

  @Override
  public Health health() {
    PoolHealth now = PoolHealth.of(pool, monitor);
    return (now.up() ? Health.up() : Health.down()).withDetails(now.details()).build();
  }
}

package dev.warren.spring;

import dev.warren.pool.Pool;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;

/** Health for Spring Boot 3. */
final class Boot3Health implements HealthIndicator {
  private final Pool pool;
  private final PoolMonitor monitor;

  Boot3Health(Pool pool, PoolMonitor monitor) {
    this.pool = pool;
    this.monitor = monitor;
  }

  @Override
  public Health health() {
    PoolHealth now = PoolHealth.of(pool, monitor);
    return (now.up() ? Health.up() : Health.down()).withDetails(now.details()).build();
  }
}

package dev.warren.spring;

import dev.warren.pool.Pool;
import java.time.Duration;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.FactoryBean;

/**
 * The Pool bean. The end of the context, which ends the beans that use the pool first, waits for
 * submitted calls for a bounded time and then stops them. Confined to the context's thread.
 */
final class PoolFactoryBean implements FactoryBean<Pool>, DisposableBean {
  private final Pool pool;
  private final Duration shutdownTimeout;

  PoolFactoryBean(Pool pool, Duration shutdownTimeout) {
    this.pool = pool;
    this.shutdownTimeout = shutdownTimeout;
  }

  @Override
  public Pool getObject() {
    return pool;
  }

  @Override
  public Class<?> getObjectType() {
    return Pool.class;
  }

  @Override
  public void destroy() {
    pool.shutdown();
    if (!pool.join(shutdownTimeout)) {
      pool.terminate();
      pool.join();
    }
  }
}

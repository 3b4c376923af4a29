package dev.warren.spring;

import dev.warren.pool.Pool;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Health and meters of the pool of {@link WarrenAutoConfiguration}. */
@AutoConfiguration(after = WarrenAutoConfiguration.class)
public class WarrenActuatorAutoConfiguration {
  /** Meters, where the application has Micrometer. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(name = "io.micrometer.core.instrument.binder.MeterBinder")
  static class Metrics {
    @Bean
    @ConditionalOnBean(name = "warrenPool")
    PoolMeterBinder warrenMetrics(Pool warrenPool) {
      return new PoolMeterBinder(warrenPool);
    }
  }

  /** Health, where the application has Actuator of Spring Boot 3. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(name = "org.springframework.boot.actuate.health.HealthIndicator")
  @ConditionalOnProperty(name = "management.health.warren.enabled", matchIfMissing = true)
  static class Health3 {
    @Bean
    @ConditionalOnBean(name = "warrenPool")
    @ConditionalOnMissingBean(name = "warrenHealthIndicator")
    Boot3Health warrenHealthIndicator(Pool warrenPool, PoolMonitor monitor) {
      return new Boot3Health(warrenPool, monitor);
    }
  }

  /** Health, where the application has that of Spring Boot 4. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(name = "org.springframework.boot.health.contributor.HealthIndicator")
  @ConditionalOnProperty(name = "management.health.warren.enabled", matchIfMissing = true)
  static class Health4 {
    @Bean
    @ConditionalOnBean(name = "warrenPool")
    @ConditionalOnMissingBean(name = "warrenHealthIndicator")
    Boot4Health warrenHealthIndicator(Pool warrenPool, PoolMonitor monitor) {
      return new Boot4Health(warrenPool, monitor);
    }
  }
}

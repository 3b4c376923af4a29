package dev.warren.spring;

import dev.warren.pool.Pool;
import dev.warren.pool.PoolListener;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * Opens a pool from {@code warren.*} properties, unless the application has a Pool bean. Beans of
 * type {@link PoolBuilderCustomizer} and {@link PoolListener} are applied to it.
 */
@AutoConfiguration
@ConditionalOnProperty(prefix = "warren", name = "enabled", matchIfMissing = true)
@EnableConfigurationProperties(WarrenProperties.class)
public class WarrenAutoConfiguration {
  /** The pool; {@code warrenPool} is also its name in messages of Spring. */
  @Bean
  @ConditionalOnMissingBean(Pool.class)
  PoolFactoryBean warrenPool(
      WarrenProperties properties,
      PoolMonitor monitor,
      ObjectProvider<PoolListener> listeners,
      ObjectProvider<PoolBuilderCustomizer> customizers) {
    List<PoolListener> all = listeners.orderedStream().toList();
    Pool.Builder builder = properties.toBuilder().listener(EachListener.of(all));
    customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
    return new PoolFactoryBean(builder.open(), properties.shutdownTimeout());
  }

  /** One of the pool's listeners. */
  @Bean
  PoolMonitor warrenPoolMonitor() {
    return new PoolMonitor();
  }
}

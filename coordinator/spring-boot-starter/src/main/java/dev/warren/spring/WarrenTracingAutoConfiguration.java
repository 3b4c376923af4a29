package dev.warren.spring;

import dev.warren.tracing.WarrenTracing;
import io.opentelemetry.api.OpenTelemetry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;

/** Traces the pool's calls, where the application has an OpenTelemetry bean. */
@AutoConfiguration
@ConditionalOnClass(name = "io.opentelemetry.api.OpenTelemetry")
@ConditionalOnProperty(name = "warren.tracing", matchIfMissing = true)
public class WarrenTracingAutoConfiguration {
  /** Sets the tracing of the pool, if there is one OpenTelemetry bean. */
  @Bean
  PoolBuilderCustomizer warrenTracing(ObjectProvider<OpenTelemetry> telemetry) {
    return builder -> telemetry.ifUnique(unique -> builder.tracing(WarrenTracing.of(unique)));
  }
}

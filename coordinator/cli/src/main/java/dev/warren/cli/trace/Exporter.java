package dev.warren.cli.trace;

import dev.warren.trace.Tracing;
import dev.warren.tracing.WarrenTracing;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import java.util.Map;

/** Exports spans with OpenTelemetry's SDK, as its variables say. */
final class Exporter {
  private Exporter() {}

  static Tracing start(String service) {
    // metrics have their own port
    Map<String, String> defaults =
        Map.of(
            "otel.service.name", service,
            "otel.exporter.otlp.protocol", "http/protobuf",
            "otel.metrics.exporter", "none",
            "otel.logs.exporter", "none");
    try {
      return WarrenTracing.of(
          AutoConfiguredOpenTelemetrySdk.builder()
              .addPropertiesSupplier(() -> defaults)
              .build()
              .getOpenTelemetrySdk());
    } catch (ConfigurationException | IllegalStateException e) {
      throw new IllegalArgumentException("traces cannot be sent: " + e.getMessage(), e);
    }
  }
}

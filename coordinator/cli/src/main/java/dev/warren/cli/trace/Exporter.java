package dev.warren.cli.trace;

import dev.warren.lifecycle.NamedThreads;
import dev.warren.trace.Tracing;
import dev.warren.tracing.WarrenTracing;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Exports spans with OpenTelemetry's SDK, as its variables say. */
final class Exporter {
  /** Maximum time that the end of the program waits for a collector that does not answer. */
  private static final long LAST_SPANS_SECONDS = 2;

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
      OpenTelemetrySdk sdk =
          AutoConfiguredOpenTelemetrySdk.builder()
              .addPropertiesSupplier(() -> defaults)
              .disableShutdownHook()
              .build()
              .getOpenTelemetrySdk();
      Runtime.getRuntime()
          .addShutdownHook(NamedThreads.unstarted("telemetry-exit", () -> sendRest(sdk)));
      return WarrenTracing.of(sdk);
    } catch (ConfigurationException | IllegalStateException e) {
      throw new IllegalArgumentException("traces cannot be sent: " + text(e), e);
    }
  }

  private static String text(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure.getMessage() + (cause == null ? "" : ": " + cause.getMessage());
  }

  private static void sendRest(OpenTelemetrySdk sdk) {
    var unused = sdk.shutdown().join(LAST_SPANS_SECONDS, TimeUnit.SECONDS);
  }
}

package dev.warren.cli.trace;

import dev.warren.trace.NoTracing;
import dev.warren.trace.Tracing;
import java.util.List;
import java.util.Map;

/** Whether a program traces its calls. Without the variable, nothing of OpenTelemetry is loaded. */
public final class Telemetry {
  private static final List<String> ENDPOINTS =
      List.of("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT");

  private Telemetry() {}

  /**
   * Starts to export traces if the environment names an endpoint; what is not sent when the JVM
   * shuts down is sent then.
   *
   * @throws IllegalArgumentException if a variable is wrong
   * @param service name of the service, unless OTEL_SERVICE_NAME is set
   */
  public static Tracing start(String service) {
    return isOn(System.getenv()) ? Exporter.start(service) : NoTracing.OFF;
  }

  static boolean isOn(Map<String, String> environment) {
    // Compose sets unset variables to an empty value, which counts as unset
    return ENDPOINTS.stream().anyMatch(name -> !environment.getOrDefault(name, "").isBlank());
  }
}

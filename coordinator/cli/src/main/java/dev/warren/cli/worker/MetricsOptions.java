package dev.warren.cli.worker;

import dev.warren.cli.kit.CommandFailure;
import dev.warren.cli.kit.ExitCode;
import dev.warren.meter.Meters;
import dev.warren.service.metrics.WorkerEndpoint;
import dev.warren.worker.WorkerHealth;
import java.io.IOException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a worker shows its metrics. */
final class MetricsOptions {
  private static final int MAX_PORT = 65_535;

  @Option(
      names = "--metrics-port",
      paramLabel = "PORT",
      description =
          "answer Prometheus on /metrics and probes on /health, at this port; default: 0, off")
  private int port;

  @Option(
      names = "--metrics-host",
      paramLabel = "HOST",
      description =
          "address that --metrics-port listens on; the answers need no password and tell the names of"
              + " functions; default: 0.0.0.0, all")
  private String host = "0.0.0.0";

  /**
   * Listens, if a port is given; returns null if not.
   *
   * @throws CommandFailure if it cannot
   */
  @Nullable WorkerEndpoint start(Meters meters, Supplier<WorkerHealth> health) {
    if (port < 0 || port > MAX_PORT) {
      throw CommandFailure.usage("--metrics-port is " + port + "; must be 0 to " + MAX_PORT);
    }
    if (port == 0) {
      return null;
    }
    try {
      return WorkerEndpoint.start(host, port, meters, health);
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
    }
  }
}

package dev.warren.service.metrics;

import dev.warren.meter.Meters;
import dev.warren.service.http.Route;
import io.javalin.http.Context;
import java.util.List;

/** Shows a coordinator's meters, to whoever has the token. Thread-safe. */
public final class MetricsRoutes {
  private static final String PATH = "/metrics";

  private final Meters meters;

  public MetricsRoutes(Meters meters) {
    this.meters = meters;
  }

  /** In the API, and where Prometheus looks by default. */
  public List<Route> routes() {
    Route route = Route.get(PATH, this::show);
    return List.of(route, route.atRoot());
  }

  private void show(Context request) {
    Exposition values = Exposition.of(meters, request.header("Accept"));
    request.contentType(values.contentType());
    request.result(values.text());
  }
}

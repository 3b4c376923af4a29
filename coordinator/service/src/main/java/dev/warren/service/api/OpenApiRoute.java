package dev.warren.service.api;

import dev.warren.service.http.Parameters;
import dev.warren.service.http.Route;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;

/** Serves the description of the API. Stateless. */
final class OpenApiRoute {
  private static final String FILE = "/dev/warren/service/openapi.yaml";

  List<Route> routes() {
    return List.of(Route.get("/openapi.yaml", OpenApiRoute::send));
  }

  private static void send(Context request) throws IOException {
    Parameters.of(request);
    try (InputStream file =
        Objects.requireNonNull(OpenApiRoute.class.getResourceAsStream(FILE), FILE)) {
      request.contentType("application/yaml");
      request.result(file.readAllBytes());
    }
  }
}

package dev.warren.service.api;

import dev.warren.json.Json;
import io.javalin.http.Context;

/** Writes answers. Stateless. */
final class Answers {
  static final String JSON = "application/json";

  private Answers() {}

  static void json(Context request, int status, Object value) {
    request.status(status);
    request.contentType(JSON);
    request.result(Json.write(value).text() + "\n"); // terminals expect a line
  }
}

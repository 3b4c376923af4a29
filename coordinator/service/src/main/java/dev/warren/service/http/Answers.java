package dev.warren.service.http;

import dev.warren.json.Json;
import io.javalin.http.Context;

/** Writes answers. Stateless. */
public final class Answers {
  public static final String JSON = "application/json";

  private Answers() {}

  public static void json(Context request, int status, Object value) {
    request.status(status);
    request.contentType(JSON);
    request.result(Json.write(value).text() + "\n"); // terminals expect a line
  }
}

package dev.warren.service.api;

import dev.warren.json.Json;
import dev.warren.service.http.AccessToken;
import dev.warren.service.http.Parameters;
import dev.warren.service.http.Problem;
import dev.warren.service.http.Route;
import dev.warren.service.http.Sessions;
import dev.warren.task.Payload;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.List;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Signs browsers in and out: whoever sends the token gets a cookie, because a page can set no
 * header on an event stream. Thread-safe.
 */
final class SessionRoute {
  private static final int MAX_BODY = 4096;

  private final @Nullable AccessToken token;

  SessionRoute(@Nullable AccessToken token) {
    this.token = token;
  }

  List<Route> routes() {
    return List.of(
        Route.post("/session", this::signIn).open(),
        Route.delete("/session", SessionRoute::signOut).open());
  }

  /** The body of a sign-in. */
  private record SignIn(@Nullable String token) {}

  private void signIn(Context request) throws IOException {
    Parameters.of(request);
    if (token != null) {
      String given = given(request);
      if (given == null || !token.matches(given)) {
        throw new Problem(HttpStatus.UNAUTHORIZED_401, "this is not the coordinator's token");
      }
      Sessions.start(request, token);
    }
    request.status(HttpStatus.NO_CONTENT_204);
  }

  private static @Nullable String given(Context request) throws IOException {
    byte[] body = request.bodyInputStream().readNBytes(MAX_BODY);
    try {
      SignIn signIn = Json.read(Payload.of(body), SignIn.class);
      return signIn == null ? null : signIn.token;
    } catch (JacksonException e) {
      throw new Problem(HttpStatus.BAD_REQUEST_400, "the body must be {\"token\":\"…\"}", e);
    }
  }

  private static void signOut(Context request) {
    Parameters.of(request);
    Sessions.end(request);
    request.status(HttpStatus.NO_CONTENT_204);
  }
}

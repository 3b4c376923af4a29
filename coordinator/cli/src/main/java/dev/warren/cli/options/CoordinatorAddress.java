package dev.warren.cli.options;

import java.net.URI;
import java.net.http.HttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * A coordinator, and what every request to it carries. Immutable.
 *
 * @param base the URL in front of {@code /api/v1}
 * @param token null for none
 * @param pool the pool that is meant: a coordinator of another one refuses; null for whichever it
 *     serves
 */
public record CoordinatorAddress(URI base, @Nullable String token, @Nullable String pool) {
  /**
   * Begins a request.
   *
   * @param path below {@code /api/v1}
   */
  public HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + "/api/v1" + path));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return pool == null ? request : request.header("X-Warren-Pool", pool);
  }
}

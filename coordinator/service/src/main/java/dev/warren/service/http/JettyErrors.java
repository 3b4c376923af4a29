package dev.warren.service.http;

import dev.warren.task.Payload;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/**
 * Answers requests that Jetty refuses before they reach a route, such as headers that are too long.
 * Thread-safe.
 */
final class JettyErrors extends ErrorHandler {
  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    int status = response.getStatus();
    SecurityHeaders.ALL.forEach(response.getHeaders()::put);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.TYPE);
    response.write(true, document(status).toBuffer(), callback);
    return true;
  }

  private static Payload document(int status) {
    return new Problem(status, sentence(status)).document();
  }

  private static String sentence(int status) {
    return switch (status) {
      case HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431, HttpStatus.URI_TOO_LONG_414 ->
          "the address and headers of a request may have at most "
              + HttpServer.HEADER_BYTES
              + " bytes";
      case HttpStatus.REQUEST_TIMEOUT_408 -> "the request came too slowly";
      default -> "the request is not valid HTTP: " + HttpStatus.getMessage(status);
    };
  }
}

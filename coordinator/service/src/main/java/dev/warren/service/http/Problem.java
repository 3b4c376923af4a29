package dev.warren.service.http;

import dev.warren.json.Json;
import dev.warren.lifecycle.Printable;
import dev.warren.task.Payload;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.jetty.http.HttpStatus;

/**
 * Ends a request with a problem document (RFC 9457), whose {@code detail} is the one sentence that
 * the command line would print.
 */
public final class Problem extends RuntimeException {
  static final String TYPE = "application/problem+json";

  private static final long serialVersionUID = 1;

  private final int status;

  /** Creates a problem with this HTTP status. */
  public Problem(int status, String sentence) {
    super(sentence);
    this.status = status;
  }

  /** Creates a problem with this HTTP status. */
  public Problem(int status, String sentence, Throwable cause) {
    super(sentence, cause);
    this.status = status;
  }

  /** The request is wrong. */
  public static Problem badRequest(String sentence) {
    return new Problem(HttpStatus.BAD_REQUEST_400, sentence);
  }

  /** There is no such thing. */
  public static Problem notFound(String sentence) {
    return new Problem(HttpStatus.NOT_FOUND_404, sentence);
  }

  /** The request does not fit the state of what it is about. */
  public static Problem conflict(String sentence) {
    return new Problem(HttpStatus.CONFLICT_409, sentence);
  }

  /** The service or something that it needs is not available now. */
  public static Problem unavailable(String sentence) {
    return new Problem(HttpStatus.SERVICE_UNAVAILABLE_503, sentence);
  }

  int status() {
    return status;
  }

  /** The problem document. */
  public Payload document() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("type", "about:blank");
    fields.put("title", HttpStatus.getMessage(status));
    fields.put("status", status);
    fields.put("detail", Printable.line(String.valueOf(getMessage())));
    return Json.write(fields);
  }
}

package dev.warren.service.http;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;

/**
 * A method and a path, and what answers it. Immutable.
 *
 * @param path of the API below {@link HttpServer#PREFIX}, such as {@code /jobs/{name}}; of the page
 *     complete
 * @param access who may use it
 * @param root whether the path is not below the prefix but at the root
 * @param answer may block; called on a thread of the server
 */
public record Route(HandlerType method, String path, Access access, boolean root, Answer answer) {

  /** Who may use a route. */
  public enum Access {
    /** Everyone who can connect: it tells and changes nothing worth protecting. */
    OPEN,
    /** Whoever has the token. */
    TOKEN
  }

  /** Answers a request. */
  @FunctionalInterface
  public interface Answer {
    void to(Context request) throws Exception;
  }

  /** A route that reads. */
  public static Route get(String path, Answer answer) {
    return new Route(HandlerType.GET, path, Access.TOKEN, false, answer);
  }

  /** A route that changes something. */
  public static Route post(String path, Answer answer) {
    return new Route(HandlerType.POST, path, Access.TOKEN, false, answer);
  }

  /** A route that deletes something. */
  public static Route delete(String path, Answer answer) {
    return new Route(HandlerType.DELETE, path, Access.TOKEN, false, answer);
  }

  /** The same route for everyone. */
  public Route open() {
    return new Route(method, path, Access.OPEN, root, answer);
  }

  /** The same route at the root, outside the API. */
  public Route atRoot() {
    return new Route(method, path, access, true, answer);
  }
}

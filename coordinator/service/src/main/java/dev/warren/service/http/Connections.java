package dev.warren.service.http;

import io.javalin.http.Context;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.server.Request;

/** The connection under a request. Stateless. */
public final class Connections {
  private Connections() {}

  /**
   * Closes the connection without ending the answer properly, so that the client sees that it is
   * incomplete.
   */
  public static void cut(Context request) {
    under(request).getConnectionMetaData().getConnection().getEndPoint().close();
  }

  /** Runs {@code action} when the whole answer has been written, or cannot be. */
  static void whenAnswered(Context request, Runnable action) {
    Request.addCompletionListener(under(request), failure -> action.run());
  }

  private static Request under(Context request) {
    return ServletContextRequest.getServletContextRequest(request.req());
  }
}

package dev.warren.service.http;

import io.javalin.http.Context;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;

/** The connection under a request. Stateless. */
public final class Connections {
  private Connections() {}

  /**
   * Closes the connection without ending the answer properly, so that the client sees that it is
   * incomplete.
   */
  public static void cut(Context request) {
    ServletContextRequest.getServletContextRequest(request.req())
        .getConnectionMetaData()
        .getConnection()
        .getEndPoint()
        .close();
  }
}

package dev.warren.service.http;

import io.javalin.http.Context;
import java.io.IOException;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.BufferUtil;

/** The connection under a request. Stateless. */
public final class Connections {
  private static final int PROBE = 1024;

  private Connections() {}

  /**
   * Closes the connection without ending the answer properly, so that the client sees that it is
   * incomplete.
   */
  public static void cut(Context request) {
    under(request).getConnectionMetaData().getConnection().getEndPoint().close();
  }

  /**
   * Whether the client has closed the connection, which nothing else notices while an answer waits.
   * What the client sends meanwhile, the next request, is discarded, and the connection closed
   * after this answer, as HTTP allows.
   */
  public static boolean isGone(Context request) {
    EndPoint socket = under(request).getConnectionMetaData().getConnection().getEndPoint();
    try {
      int read = socket.fill(BufferUtil.allocate(PROBE));
      if (read > 0) {
        whenAnswered(request, socket::close);
      }
      return read < 0;
    } catch (IOException e) {
      return true;
    }
  }

  /** Runs {@code action} when the whole answer has been written, or cannot be. */
  static void whenAnswered(Context request, Runnable action) {
    Request.addCompletionListener(under(request), failure -> action.run());
  }

  private static Request under(Context request) {
    return ServletContextRequest.getServletContextRequest(request.req());
  }
}

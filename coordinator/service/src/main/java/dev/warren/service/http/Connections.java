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
   * Discards what the client sends meanwhile, so the answer must be the connection's last one; see
   * {@link #endAfter}.
   */
  public static boolean isGone(Context request) {
    try {
      EndPoint socket = under(request).getConnectionMetaData().getConnection().getEndPoint();
      return socket.fill(BufferUtil.allocate(PROBE)) < 0;
    } catch (IOException e) {
      return true;
    }
  }

  /** Closes the connection after this answer, also if it is complete. */
  public static void endAfter(Context request) {
    request.header("Connection", "close");
  }

  /** Runs {@code action} when the whole answer has been written, or cannot be. */
  static void whenAnswered(Context request, Runnable action) {
    Request.addCompletionListener(under(request), failure -> action.run());
  }

  private static Request under(Context request) {
    return ServletContextRequest.getServletContextRequest(request.req());
  }
}

package dev.warren.service.live;

import dev.warren.service.http.Parameters;
import dev.warren.service.http.Problem;
import dev.warren.service.http.Route;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.List;
import org.eclipse.jetty.http.HttpStatus;

/** Sends a view as server-sent events for as long as the client stays. Thread-safe. */
public final class StreamRoute {
  private static final String TYPE = "text/event-stream";

  private final LiveViews views;

  public StreamRoute(LiveViews views) {
    this.views = views;
  }

  /** Its only route. */
  public List<Route> routes() {
    return List.of(Route.get("/stream", this::stream));
  }

  private void stream(Context request) throws IOException {
    String view = Parameters.of(request, "view").text("view");
    if (view == null || view.isEmpty()) {
      throw Problem.badRequest("view is missing; must be now, jobs, job:NAME or cause:NAME:CAUSE");
    }
    views.check();
    request.status(HttpStatus.OK_200);
    request.contentType(TYPE);
    request.header("X-Accel-Buffering", "no"); // else a proxy may hold events back
    Viewer viewer = Viewer.of(request.req().startAsync());
    request.future(viewer::ended);
    try {
      views.add(view, viewer);
    } catch (Problem e) { // others came first; the answer has begun
      viewer.end(Frames.event("problem", e.document().text()));
    }
  }
}

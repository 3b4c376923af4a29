package dev.warren.service.api;

import dev.warren.jobs.Job;
import dev.warren.jobs.store.JobStore;
import dev.warren.service.http.Connections;
import dev.warren.service.http.Parameters;
import dev.warren.service.http.Problem;
import dev.warren.service.http.Route;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.http.HttpStatus;

/**
 * Streams outcomes in the order of the input, as lines that are equal to those of {@code warren map
 * --output}. An answer that cannot be completed is cut, never ended early as if it were complete.
 * Thread-safe.
 */
final class ResultRoute {
  private static final String TYPE = "application/jsonl";

  /** Maximum number of answers at once; some threads must remain for everything else. */
  private static final int STREAMS = 64;

  private final JobCatalogue catalogue;
  private final JobStore store;
  private final BooleanSupplier stopping;
  private final Semaphore streams = new Semaphore(STREAMS);

  ResultRoute(JobCatalogue catalogue, JobStore store, BooleanSupplier stopping) {
    this.catalogue = catalogue;
    this.store = store;
    this.stopping = stopping;
  }

  List<Route> routes() {
    return List.of(Route.get("/jobs/{name}/results", this::stream));
  }

  private static ResultStream.Wanted wanted(Context request) {
    Parameters parameters = Parameters.of(request, "from", "only", "wait", "evidence");
    return new ResultStream.Wanted(
        parameters.number("from", 0, 0, Long.MAX_VALUE),
        parameters.onlyFailed(),
        parameters.flag("wait", true),
        parameters.flag("evidence", false));
  }

  private void stream(Context request) throws IOException, InterruptedException {
    ResultStream.Wanted wanted = wanted(request);
    Job job = catalogue.named(request);
    if (!streams.tryAcquire()) {
      request.header("Retry-After", "5");
      throw Problem.unavailable(STREAMS + " clients are reading results; try again");
    }
    try (ResultStream results = new ResultStream(store.job(job.id()), wanted)) {
      request.status(HttpStatus.OK_200);
      request.contentType(TYPE);
      BooleanSupplier stopped = () -> stopping.getAsBoolean() || Connections.isGone(request);
      // Javalin's own stream does not flush
      if (!results.writeTo(request.res().getOutputStream(), stopped)) {
        Connections.cut(request);
      }
    } finally {
      streams.release();
    }
  }
}

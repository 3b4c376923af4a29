package dev.warren.service.api;

import dev.warren.jobs.Job;
import dev.warren.jobs.output.JobResults;
import dev.warren.jobs.output.OutcomeFormat;
import dev.warren.jobs.store.JobRecord;
import dev.warren.jobs.store.JobStore;
import dev.warren.json.LineBuffer;
import dev.warren.pool.JsonOutcomes;
import dev.warren.service.http.Connections;
import dev.warren.service.http.Problem;
import dev.warren.service.http.Route;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
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

  private static final int BUFFER = 64 * 1024;
  private static final long POLL_MS = 100;

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

  /** What a client asks for. */
  private record Wanted(long from, boolean onlyFailed, boolean waits, boolean allEvidence) {
    static Wanted of(Context request) {
      Parameters parameters = Parameters.of(request, "from", "only", "wait", "evidence");
      String only = parameters.text("only");
      if (only != null && !only.equals("failed")) {
        throw Problem.badRequest("only is '" + only + "'; must be failed");
      }
      return new Wanted(
          parameters.number("from", 0, 0, Long.MAX_VALUE),
          only != null,
          parameters.flag("wait", true),
          parameters.flag("evidence", false));
    }
  }

  private void stream(Context request) throws IOException, InterruptedException {
    Wanted wanted = Wanted.of(request);
    Job job = catalogue.named(request);
    if (!streams.tryAcquire()) {
      request.header("Retry-After", "5");
      throw Problem.unavailable(STREAMS + " clients are reading results; try again");
    }
    try (JobResults results = new JobResults(store.job(job.id()), wanted.from, false)) {
      request.status(HttpStatus.OK_200);
      request.contentType(TYPE);
      write(request, job, results, wanted);
    } finally {
      streams.release();
    }
  }

  private void write(Context request, Job job, JobResults results, Wanted wanted)
      throws IOException, InterruptedException {
    OutcomeFormat format = new OutcomeFormat(wanted.allEvidence);
    LineBuffer lines = new LineBuffer(2 * BUFFER, Integer.MAX_VALUE);
    OutputStream out = request.res().getOutputStream(); // Javalin's own does not flush
    while (true) {
      while (results.hasNext()) {
        JsonOutcomes.Item item = results.next();
        if (!wanted.onlyFailed || item.failure() != null) {
          format.write(item.index(), null, item, lines);
        }
        if (lines.size() >= BUFFER) {
          send(lines, out);
        }
      }
      send(lines, out);
      if (!wanted.waits || isComplete(job, results)) {
        return;
      }
      out.flush();
      if (stopping.getAsBoolean()) {
        Connections.cut(request);
        return;
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MS);
    }
  }

  private static void send(LineBuffer lines, OutputStream out) throws IOException {
    if (lines.size() > 0) {
      out.write(lines.array(), 0, (int) lines.size());
      lines.clear();
    }
  }

  /** Whether no further outcome can follow. */
  private static boolean isComplete(Job job, JobResults results) {
    JobRecord record = job.status();
    return results.position() >= record.calls() || (record.state().isEnded() && !results.hasNext());
  }
}

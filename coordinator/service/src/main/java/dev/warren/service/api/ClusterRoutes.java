package dev.warren.service.api;

import dev.warren.broker.Broker;
import dev.warren.broker.PoolNames;
import dev.warren.pool.engine.JobHost;
import dev.warren.service.http.Answers;
import dev.warren.service.http.Parameters;
import dev.warren.service.http.Problem;
import dev.warren.service.http.Route;
import dev.warren.service.operate.Audit;
import dev.warren.service.workers.WorkerState;
import dev.warren.service.workers.WorkerTable;
import dev.warren.service.workers.WorkerView;
import dev.warren.wire.control.StateReport;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpStatus;

/** Shows the pool and its workers. Thread-safe. */
final class ClusterRoutes {
  private static final Duration BROKER_LIMIT = Duration.ofSeconds(10);

  private final JobHost host;
  private final WorkerTable workers;
  private final Audit audit;

  ClusterRoutes(JobHost host, WorkerTable workers, Audit audit) {
    this.host = host;
    this.workers = workers;
    this.audit = audit;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/workers", this::workers),
        Route.get("/workers/{id}", this::worker),
        Route.post("/workers/{id}/drain", this::drain),
        Route.get("/pools", this::pools));
  }

  private void workers(Context request) {
    Parameters.of(request);
    Answers.json(request, HttpStatus.OK_200, Map.of("workers", workers.workers()));
  }

  private void worker(Context request) {
    Parameters.of(request);
    StateReport report = named(request).report();
    if (report == null) {
      throw Problem.notFound("worker " + request.pathParam("id") + " has not reported its slots");
    }
    Answers.json(request, HttpStatus.OK_200, report);
  }

  /** Asks a worker to drain; does not wait until it has ended. */
  private void drain(Context request) throws InterruptedException {
    Parameters.of(request);
    WorkerState worker = named(request);
    if (host.local()) {
      throw Problem.conflict("this worker is part of the coordinator; stop the coordinator");
    }
    try {
      workers.drain(worker.id()).get(BROKER_LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new Problem(
          HttpStatus.SERVICE_UNAVAILABLE_503, "the broker did not accept the request: " + e, e);
    }
    audit.done(request, "worker:" + worker.id(), "drain the worker on " + worker.host());
    Answers.json(request, HttpStatus.ACCEPTED_202, Map.of("draining", worker.id()));
  }

  private WorkerState named(Context request) {
    String id = request.pathParam("id");
    return workers
        .state(id)
        .orElseThrow(
            () ->
                Problem.notFound(
                    "there is no worker '" + id + "' in pool '" + host.names().pool() + "'"));
  }

  private void pools(Context request) {
    Parameters.of(request);
    Answers.json(request, HttpStatus.OK_200, Map.of("pools", List.of(pool())));
  }

  private PoolView pool() {
    PoolNames names = host.names();
    List<WorkerView> all = workers.workers();
    return new PoolView(
        names.pool(),
        host.broker().description(),
        host.broker().connected(),
        all.size(),
        all.stream().mapToInt(WorkerView::slots).sum(),
        all.stream().mapToInt(WorkerView::busy).sum(),
        Stream.of(names.tasks(), names.again()).mapToLong(this::ready).sum(),
        ready(names.dead()));
  }

  private long ready(String queue) {
    return host.broker().depth(queue).map(Broker.QueueDepth::ready).orElse(0);
  }
}

package dev.warren.service.api;

import dev.warren.broker.Broker;
import dev.warren.broker.PoolNames;
import dev.warren.pool.engine.JobHost;
import dev.warren.service.http.Answers;
import dev.warren.service.http.Parameters;
import dev.warren.service.http.Route;
import dev.warren.service.workers.WorkerTable;
import dev.warren.service.workers.WorkerView;
import io.javalin.http.Context;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpStatus;

/** Shows the pool and its workers. Thread-safe. */
final class ClusterRoutes {
  private final JobHost host;
  private final WorkerTable workers;

  ClusterRoutes(JobHost host, WorkerTable workers) {
    this.host = host;
    this.workers = workers;
  }

  List<Route> routes() {
    return List.of(Route.get("/workers", this::workers), Route.get("/pools", this::pools));
  }

  private void workers(Context request) {
    Parameters.of(request);
    Answers.json(request, HttpStatus.OK_200, Map.of("workers", workers.workers()));
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

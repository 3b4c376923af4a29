package dev.warren.service.api;

import dev.warren.jobs.Jobs;
import dev.warren.jobs.store.JobStore;
import dev.warren.lifecycle.TimeSource;
import dev.warren.pool.engine.JobHost;
import dev.warren.service.http.AccessToken;
import dev.warren.service.http.Route;
import dev.warren.service.live.LiveViews;
import dev.warren.service.live.StreamRoute;
import dev.warren.service.metrics.MetricsRoutes;
import dev.warren.service.operate.Audit;
import dev.warren.service.operate.DeadRoutes;
import dev.warren.service.operate.DoctorRoute;
import dev.warren.service.operate.Examination;
import dev.warren.service.workers.WorkerTable;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All routes of the API. Stateless. */
public final class Api {
  private Api() {}

  /**
   * What the answers need. Immutable.
   *
   * @param stopping whether the service is about to stop, so that answers must not wait longer
   * @param maxInputBytes maximum size of one job's input
   */
  public record Parts(
      JobStore store,
      Jobs jobs,
      JobHost host,
      WorkerTable workers,
      LiveViews views,
      Examination examination,
      @Nullable AccessToken token,
      BooleanSupplier stopping,
      long maxInputBytes) {}

  public static List<Route> routes(Parts parts) {
    JobCatalogue jobs = new JobCatalogue(parts.jobs(), parts.host().names().pool());
    Audit audit = new Audit(parts.store(), parts.host().names().pool());
    return Stream.of(
            new SubmitRoute(jobs, parts.store(), parts.host(), parts.maxInputBytes()).routes(),
            new JobRoutes(jobs, audit).routes(),
            new ResultRoute(jobs, parts.store(), parts.stopping()).routes(),
            new CallRoutes(jobs, parts.store(), parts.host(), parts.workers()).routes(),
            new ClusterRoutes(parts.host(), parts.workers(), audit).routes(),
            new StreamRoute(parts.views()).routes(),
            new DeadRoutes(parts.host(), audit).routes(),
            audit.routes(),
            new DoctorRoute(parts.examination(), TimeSource.SYSTEM).routes(),
            new MetricsRoutes(parts.host().meters().meters()).routes(),
            new HealthRoutes(parts.store(), parts.host()).routes(),
            new SessionRoute(parts.token()).routes(),
            new OpenApiRoute().routes())
        .flatMap(List::stream)
        .toList();
  }
}

package dev.warren.service.api;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.jobs.store.JobStore;
import dev.warren.jobs.store.StoreException;
import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.TimeSource;
import dev.warren.pool.engine.JobHost;
import dev.warren.service.http.Answers;
import dev.warren.service.http.Route;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpStatus;
import org.slf4j.Logger;

/**
 * Tells probes whether the service is alive and whether it can do its work. Needs no token, tells
 * nothing else, and asks the store at most once in two seconds. Thread-safe.
 */
final class HealthRoutes {
  private static final Logger log = Logs.of(HealthRoutes.class);
  private static final long FRESH = Duration.ofSeconds(2).toNanos();

  private final JobStore store;
  private final JobHost host;

  @GuardedBy("this")
  private long asked = TimeSource.SYSTEM.nanos() - FRESH;

  @GuardedBy("this")
  private boolean storeAnswers;

  HealthRoutes(JobStore store, JobHost host) {
    this.store = store;
    this.host = host;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/health", this::health).open(),
        Route.get("/health/live", HealthRoutes::live).open());
  }

  private static void live(Context request) {
    Answers.json(request, HttpStatus.OK_200, Map.of("live", true));
  }

  private void health(Context request) {
    boolean broker = host.broker().connected();
    boolean answers = storeAnswers();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("live", true);
    fields.put("ready", broker && answers);
    fields.put("broker", broker);
    fields.put("store", answers);
    Answers.json(
        request,
        broker && answers ? HttpStatus.OK_200 : HttpStatus.SERVICE_UNAVAILABLE_503,
        fields);
  }

  private synchronized boolean storeAnswers() {
    long now = TimeSource.SYSTEM.nanos();
    if (now - asked >= FRESH) {
      asked = now;
      storeAnswers = ask();
    }
    return storeAnswers;
  }

  private boolean ask() {
    try {
      store.list(host.names().pool(), 1);
      return true;
    } catch (StoreException e) {
      log.warn("the store does not answer: {}", e.getMessage());
      return false;
    }
  }
}

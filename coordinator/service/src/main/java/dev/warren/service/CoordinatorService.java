package dev.warren.service;

import dev.warren.jobs.Jobs;
import dev.warren.jobs.store.JobStore;
import dev.warren.jobs.store.sql.SqlStore;
import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.TimeSource;
import dev.warren.pool.Pool;
import dev.warren.pool.engine.JobHost;
import dev.warren.service.api.Api;
import dev.warren.service.board.Board;
import dev.warren.service.http.AccessToken;
import dev.warren.service.http.HttpServer;
import dev.warren.service.live.LiveViews;
import dev.warren.service.metrics.CoordinatorGauges;
import dev.warren.service.operate.Examination;
import dev.warren.service.page.PageFiles;
import dev.warren.service.workers.WorkerTable;
import java.io.IOException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * A coordinator of jobs that answers HTTP requests. It owns its pool and its store. Thread-safe.
 *
 * <pre>{@code
 * Pool.Builder pool = Pool.builder().uri("amqp://broker/?pool=scores");
 * ServiceConfig config = ServiceConfig.of("/var/lib/warren").build();
 * try (CoordinatorService service = CoordinatorService.open(config, pool)) {
 *   service.start();
 *   …
 * }
 * }</pre>
 */
public final class CoordinatorService implements AutoCloseable {
  private static final Logger log = Logs.of(CoordinatorService.class);

  private final ServiceConfig config;
  private final Pool pool;
  private final JobStore store;
  private final WorkerTable workers;
  private final Jobs jobs;
  private final Board board;
  private final LiveViews views;
  private final CoordinatorGauges gauges;
  private final HttpServer server;

  private CoordinatorService(
      ServiceConfig config, Pool pool, JobStore store, Examination examination) {
    this.config = config;
    this.pool = pool;
    this.store = store;
    JobHost host = pool.unwrap(JobHost.class);
    this.workers = WorkerTable.open(host.broker(), host.names(), TimeSource.SYSTEM);
    this.jobs = Jobs.open(store, pool);
    this.gauges = CoordinatorGauges.start(host, store);
    this.board = Board.open(store, host, workers, gauges);
    this.views = new LiveViews(board::view, TimeSource.SYSTEM);
    AccessToken token =
        config.token() == null ? null : new AccessToken(config.token(), TimeSource.SYSTEM);
    this.server = server(host, token, examination);
  }

  private HttpServer server(JobHost host, @Nullable AccessToken token, Examination examination) {
    HttpServer[] made = new HttpServer[1];
    Api.Parts parts =
        new Api.Parts(
            store,
            jobs,
            host,
            workers,
            views,
            examination,
            token,
            () -> made[0].isStopping(),
            config.maxInputBytes());
    made[0] =
        new HttpServer(
            new HttpServer.Settings(config.host(), config.port(), token, host.names().pool()),
            Stream.concat(Api.routes(parts).stream(), PageFiles.load().routes().stream()).toList());
    return made[0];
  }

  /**
   * Opens the store, then the pool; runs no job and listens to nobody before {@link #start}.
   *
   * @param pool runs the calls
   * @throws dev.warren.jobs.store.StoreException if the store cannot be opened
   * @throws dev.warren.pool.BrokerUnavailableException if the broker cannot be reached or refuses
   */
  public static CoordinatorService open(ServiceConfig config, Pool.Builder pool) {
    return open(config, pool, Examination.NONE);
  }

  /**
   * Opens a service that also answers with the findings of an examination.
   *
   * @param pool runs the calls
   * @throws dev.warren.jobs.store.StoreException if the store cannot be opened
   * @throws dev.warren.pool.BrokerUnavailableException if the broker cannot be reached or refuses
   */
  public static CoordinatorService open(
      ServiceConfig config, Pool.Builder pool, Examination examination) {
    JobStore store = SqlStore.open(config.store());
    Pool opened = null;
    try {
      opened = pool.open();
      return new CoordinatorService(config, opened, store, examination);
    } catch (RuntimeException | Error e) {
      if (opened != null) {
        opened.terminate();
        opened.close();
      }
      store.close();
      throw e;
    }
  }

  /**
   * Goes on with the jobs that other coordinators have left behind, and listens.
   *
   * @throws IOException in one sentence, if it cannot listen
   */
  public void start() throws IOException {
    server.start();
    jobs.adopt();
    log.debug("listening on {}:{}; jobs are kept in {}", config.host(), port(), store());
  }

  /** Name of its pool. */
  public String pool() {
    return pool.name();
  }

  /** Where the jobs are kept, without a password. */
  public String store() {
    return store.description();
  }

  /** The port that it listens on. */
  public int port() {
    return server.port();
  }

  /**
   * Accepts no further requests, lets those that are being answered end within the grace period,
   * gives the jobs up so that another coordinator can go on with them, and closes the pool. An
   * interrupt shortens the wait. Idempotent.
   */
  @Override
  public void close() {
    views.close(); // else its viewers would use up the grace period
    try {
      server.stop(config.grace());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      closeRest();
    }
  }

  private void closeRest() {
    try (store) {
      board.close();
      gauges.close();
      workers.close();
      jobs.close();
    } finally {
      pool.terminate(); // what runs for a job is not lost with it
      pool.close();
    }
  }
}

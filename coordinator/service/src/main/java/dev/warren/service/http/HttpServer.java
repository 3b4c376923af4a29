package dev.warren.service.http;

import dev.warren.lifecycle.NamedThreads;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.javalin.router.Endpoint;
import java.io.IOException;
import java.net.BindException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/**
 * Answers HTTP requests by routes. {@link #start} listens, {@link #stop} ends; in between, answers
 * run on threads named {@code http}, at most {@link #THREADS} at once. Thread-safe.
 */
public final class HttpServer {
  /** What the paths of the API start with. */
  public static final String PREFIX = "/api/v1";

  /** Maximum number of requests that are answered at once. */
  public static final int THREADS = 128;

  /** Maximum size of a request's first line and headers together. */
  static final int HEADER_BYTES = 16 * 1024;

  /** A connection on which nothing is sent or received for this long is closed. */
  private static final Duration IDLE = Duration.ofSeconds(30);

  /** Maximum number of open connections, most of them idle. */
  private static final int CONNECTIONS = 1000;

  private static final int CORE_THREADS = 4;

  private final Settings settings;
  private final Gate gate;
  private final Requests requests = new Requests();
  private final Javalin javalin;

  /**
   * Where to listen, and who may use it.
   *
   * @param port 0 for any free port
   * @param token null if none is needed
   * @param pool name of the pool that it serves
   */
  public record Settings(String host, int port, @Nullable AccessToken token, String pool) {}

  /** Creates a server that listens once it is started. */
  public HttpServer(Settings settings, List<Route> routes) {
    this.settings = settings;
    this.gate = new Gate(settings.token(), settings.pool());
    this.javalin = Javalin.create(config -> configure(config, routes));
  }

  private void configure(JavalinConfig config, List<Route> routes) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.http.compressionStrategy = CompressionStrategy.NONE;
    config.http.prefer405over404 = true;
    config.jetty.host = settings.host();
    config.jetty.port = settings.port();
    config.jetty.threadPool = threads();
    config.jetty.modifyServer(
        server -> {
          server.setErrorHandler(new JettyErrors());
          // further ones wait in the listen queue
          server.addBean(new NetworkConnectionLimit(CONNECTIONS, server));
        });
    config.jetty.modifyHttpConfiguration(
        http -> {
          http.setSendServerVersion(false);
          http.setRequestHeaderSize(HEADER_BYTES);
          http.setIdleTimeout(IDLE.toMillis());
        });
    routes.forEach(route -> config.routes.addEndpoint(endpoint(route)));
    config.routes.before(request -> SecurityHeaders.ALL.forEach(request::header));
    config.routes.exception(Exception.class, (failure, request) -> answer(failure, request));
    // Javalin's own answers to paths and methods that no route has
    config.routes.exception(
        HttpResponseException.class, (failure, request) -> write(noRoute(failure), request));
  }

  private static QueuedThreadPool threads() {
    QueuedThreadPool threads =
        new QueuedThreadPool(
            THREADS,
            CORE_THREADS,
            (int) Duration.ofMinutes(1).toMillis(),
            -1,
            new LinkedBlockingQueue<>(),
            null,
            NamedThreads.factory("http"));
    threads.setName("http");
    return threads;
  }

  private Endpoint endpoint(Route route) {
    String path = route.root() ? route.path() : PREFIX + route.path();
    return new Endpoint(route.method(), path, request -> handle(route, request));
  }

  private void handle(Route route, Context request) throws Exception {
    if (!requests.begin()) {
      throw Problem.unavailable("this coordinator is stopping");
    }
    Connections.whenAnswered(request, requests::end);
    try {
      gate.check(request, route.access());
      route.answer().to(request);
    } catch (Exception e) {
      answer(e, request);
    }
  }

  private static void answer(Exception failure, Context request) {
    Problem problem = Failures.problem(failure);
    if (request.res().isCommitted()) {
      Connections.cut(request); // else the client would take what it got for everything
      return;
    }
    write(problem, request);
  }

  private static void write(Problem problem, Context request) {
    if (!request.method().equals(HandlerType.GET)) {
      discard(request);
    }
    request.status(problem.status());
    request.contentType(Problem.TYPE);
    request.result(problem.document().text() + "\n"); // terminals expect a line
  }

  /**
   * Reads on what a client sends that does not look for the answer before it has sent everything;
   * closing the connection at once could destroy the answer on its way.
   */
  private static void discard(Context request) {
    try {
      new UploadStream(request.bodyInputStream(), UploadStream.DISCARD_BYTES).discard();
    } catch (IOException | RuntimeException e) {
      request.header("Connection", "close"); // it will not get the answer, then
    }
  }

  private static Problem noRoute(HttpResponseException failure) {
    return switch (failure.getStatus()) {
      case HttpStatus.NOT_FOUND_404 ->
          Problem.notFound("there is no such path; see " + PREFIX + "/openapi.yaml");
      case HttpStatus.METHOD_NOT_ALLOWED_405 ->
          new Problem(
              failure.getStatus(),
              "this path does not have this method; see " + PREFIX + "/openapi.yaml");
      default -> new Problem(failure.getStatus(), String.valueOf(failure.getMessage()));
    };
  }

  /**
   * Listens.
   *
   * @throws IOException if it cannot, in one sentence
   */
  public void start() throws IOException {
    try {
      javalin.start();
    } catch (RuntimeException e) {
      throw new IOException(
          "cannot listen on " + settings.host() + ":" + settings.port() + ": " + reason(e), e);
    }
  }

  private static String reason(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof BindException) {
        return String.valueOf(cause.getMessage()).contains("in use")
            ? "the port is in use"
            : String.valueOf(cause.getMessage());
      }
    }
    return String.valueOf(failure.getMessage());
  }

  /** The port that it listens on. */
  public int port() {
    return javalin.port();
  }

  /** Whether {@link #stop} was called: an answer that waits for something ends now. */
  public boolean isStopping() {
    return requests.isStopping();
  }

  /** Accepts no further request, waits for those that are running, and stops. Idempotent. */
  public void stop(Duration grace) throws InterruptedException {
    requests.stop(grace);
    javalin.stop();
  }
}

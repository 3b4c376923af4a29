package dev.warren.service.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.NamedThreads;
import dev.warren.meter.Meters;
import dev.warren.worker.WorkerHealth;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;

/**
 * A worker's answers to Prometheus and to probes: {@code /metrics}, {@code /health}, {@code
 * /health/live}. Answers run on two threads {@code worker-metrics}, never on the worker's loop.
 * Thread-safe.
 */
public final class WorkerEndpoint implements AutoCloseable {
  private static final Logger log = Logs.of(WorkerEndpoint.class);
  private static final int THREADS = 2;
  private static final int BACKLOG = 50;
  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final int NO_SUCH_METHOD = 405;
  private static final int UNAVAILABLE = 503;

  static {
    // the server's own limits, in seconds: a client that sends or reads nothing keeps no thread
    System.setProperty("sun.net.httpserver.maxReqTime", "10");
    System.setProperty("sun.net.httpserver.maxRspTime", "10");
  }

  private final HttpServer server;
  private final ThreadPoolExecutor threads;
  private final Meters meters;
  private final Supplier<WorkerHealth> health;

  private WorkerEndpoint(HttpServer server, Meters meters, Supplier<WorkerHealth> health) {
    this.server = server;
    this.meters = meters;
    this.health = health;
    this.threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            NamedThreads.factory("worker-metrics"));
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * Listens.
   *
   * @param port 0 for any free port
   * @param health called for each question of a probe
   * @throws IOException in one sentence, if it cannot listen
   */
  public static WorkerEndpoint start(
      String host, int port, Meters meters, Supplier<WorkerHealth> health) throws IOException {
    HttpServer server;
    try {
      InetSocketAddress address = new InetSocketAddress(host, port);
      if (address.isUnresolved()) {
        throw new IOException("no such host");
      }
      server = HttpServer.create(address, BACKLOG);
    } catch (IOException e) {
      throw new IOException("cannot listen on " + host + ":" + port + ": " + e.getMessage(), e);
    }
    WorkerEndpoint endpoint = new WorkerEndpoint(server, meters, health);
    server.setExecutor(endpoint.threads);
    server.createContext("/", endpoint::answer);
    server.start();
    log.info("metrics on http://{}:{}/metrics, probes on /health", host, endpoint.port());
    return endpoint;
  }

  /** The port that it listens on. */
  public int port() {
    return server.getAddress().getPort();
  }

  private void answer(HttpExchange request) throws IOException {
    try (request) {
      String method = request.getRequestMethod();
      if (!method.equals("GET") && !method.equals("HEAD")) {
        request.getResponseHeaders().set("Allow", "GET, HEAD");
        send(request, NO_SUCH_METHOD, "text/plain", "GET or HEAD\n");
        return;
      }
      switch (request.getRequestURI().getPath()) {
        case "/metrics" -> {
          Exposition values = Exposition.of(meters, request.getRequestHeaders().getFirst("Accept"));
          send(request, OK, values.contentType(), values.text());
        }
        case "/health" -> {
          WorkerHealth now = health.get();
          send(request, now.ready() ? OK : UNAVAILABLE, "application/json", json(now));
        }
        case "/health/live" -> {
          boolean live = health.get().live();
          send(request, live ? OK : UNAVAILABLE, "application/json", "{\"live\":" + live + "}\n");
        }
        default -> send(request, NOT_FOUND, "text/plain", "/metrics, /health or /health/live\n");
      }
    } catch (RuntimeException e) {
      log.error("a request could not be answered", e);
      throw e;
    }
  }

  private static String json(WorkerHealth now) {
    return "{\"live\":"
        + now.live()
        + ",\"ready\":"
        + now.ready()
        + ",\"broker\":"
        + now.broker()
        + ",\"children\":"
        + now.children()
        + "}\n";
  }

  private static void send(HttpExchange request, int status, String type, String text)
      throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    request.getResponseHeaders().set("Content-Type", type);
    request.getResponseHeaders().set("Cache-Control", "no-store");
    if (request.getRequestMethod().equals("HEAD")) {
      request.sendResponseHeaders(status, -1);
      return;
    }
    request.sendResponseHeaders(status, body.length);
    try (OutputStream out = request.getResponseBody()) {
      out.write(body);
    }
  }

  /** Answers no more. */
  @Override
  public void close() {
    server.stop(0);
    threads.shutdown();
  }
}

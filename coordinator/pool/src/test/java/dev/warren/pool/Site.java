package dev.warren.pool;

import dev.warren.broker.BrokerUri;
import dev.warren.broker.rabbit.RabbitBroker;
import dev.warren.testkit.RabbitVersion;
import dev.warren.testkit.SharedBroker;
import dev.warren.testkit.server.PrivateBroker;
import dev.warren.worker.Worker;
import dev.warren.worker.config.WorkerConfig;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The sites of the suite's pools: {@code local:}, or RabbitMQ with two workers of two slots each.
 * Opened by the first test that needs it, closed after the last. Other versions than the installed
 * one are used if the system property {@code warren.sites} names them, as in {@code ./verify
 * --all}.
 */
@SuppressWarnings("ImmutableEnumChecker") // a site is open or it is not
enum Site {
  LOCAL,
  RABBIT,
  RABBIT_4_0,
  RABBIT_4_3;

  /** Workers of a site over RabbitMQ. */
  static final int WORKERS = 2;

  /** Number of calls that run there at once. */
  static final int SLOTS = 4;

  private final List<AutoCloseable> workers = new ArrayList<>();
  private Pool shared;

  /** The sites of this run. */
  static Stream<Site> all() {
    return Arrays.stream(System.getProperty("warren.sites", "LOCAL,RABBIT").split(",", -1))
        .map(Site::valueOf);
  }

  /** The sites over RabbitMQ of this run. */
  static Stream<Site> brokers() {
    return all().filter(Site::overBroker);
  }

  boolean overBroker() {
    return this != LOCAL;
  }

  /** The server of a site over RabbitMQ. */
  PrivateBroker server() {
    return switch (this) {
      case LOCAL -> throw new IllegalStateException("no server on this site");
      case RABBIT -> SharedBroker.get();
      case RABBIT_4_0 -> SharedBroker.of(RabbitVersion.V4_0);
      case RABBIT_4_3 -> SharedBroker.of(RabbitVersion.V4_3);
    };
  }

  String uri() {
    return overBroker()
        ? server().uri() + "?pool=conformance" + ProcessHandle.current().pid()
        : "local:";
  }

  /** Returns a builder for a pool of one test. */
  Pool.Builder builder() {
    return overBroker() ? Pool.builder().uri(uri()) : Pool.builder().processes(2);
  }

  /** The shared pool of the whole run; no test closes it. */
  synchronized Pool pool() throws Exception {
    if (shared == null) {
      for (int i = 0; overBroker() && i < WORKERS; i++) {
        workers.add(0, startWorker(uri(), "worker " + i, SLOTS / WORKERS));
      }
      Pool pool = builder().open();
      shared = pool;
      Awaitility.await()
          .atMost(Duration.ofMinutes(3))
          .until(() -> pool.processes() == (overBroker() ? SLOTS : 2));
    }
    return shared;
  }

  /** Starts a worker for the suite's functions, with a separate connection. */
  static AutoCloseable startWorker(String uri, String name, int slots) throws Exception {
    RabbitBroker broker = RabbitBroker.open(BrokerUri.parse(uri), name, Duration.ofSeconds(20));
    List<Path> classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .map(Path::of)
            .toList();
    Path app = Path.of(Functions.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    WorkerConfig config =
        WorkerConfig.builder()
            .pool(BrokerUri.parse(uri).pool())
            .processes(slots)
            .classPath(classPath)
            .appPath(List.of(app))
            .heartbeat(WorkerConfig.SHORTEST_HEARTBEAT)
            .build();
    Worker worker = Worker.start(config, broker, event -> {});
    return () -> {
      worker.close();
      broker.close();
    };
  }

  /** Maximum number of child processes of the shared pools, each worker with a spare. */
  static int mostChildren() {
    return Arrays.stream(values())
        .filter(site -> site.shared != null)
        .mapToInt(site -> site.overBroker() ? SLOTS + WORKERS : 2 + 1)
        .sum();
  }

  private synchronized void close() throws Exception {
    if (shared != null) {
      shared.close();
      shared = null;
    }
    for (AutoCloseable one : workers) {
      one.close();
    }
    workers.clear();
  }

  /** Closes the sites after the last test. */
  static final class Closing implements BeforeAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
      context
          .getRoot()
          .getStore(ExtensionContext.Namespace.GLOBAL)
          .computeIfAbsent(
              Closing.class,
              key ->
                  (AutoCloseable)
                      () -> {
                        for (Site site : values()) {
                          site.close();
                        }
                      });
    }
  }
}

package dev.warren.pool;

import dev.warren.broker.BrokerUri;
import dev.warren.broker.RabbitBroker;
import dev.warren.testing.SharedBroker;
import dev.warren.worker.Worker;
import dev.warren.worker.WorkerConfig;
import dev.warren.worker.WorkerListener;
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
 * Where pools of the suite are: on {@code local:}, or over RabbitMQ with two workers of two slots
 * each. Opened by the first test that needs it, closed with the last.
 */
@SuppressWarnings("ImmutableEnumChecker") // a site is open or it is not
enum Site {
  LOCAL {
    @Override
    Pool.Builder builder() {
      return Pool.builder().processes(2);
    }

    @Override
    Pool openShared() {
      return builder().open();
    }
  },
  RABBIT {
    @Override
    Pool.Builder builder() {
      return Pool.builder().uri(uri());
    }

    @Override
    Pool openShared() throws Exception {
      for (int i = 0; i < WORKERS; i++) {
        RabbitBroker broker =
            RabbitBroker.open(BrokerUri.parse(uri()), "worker " + i, Duration.ofSeconds(20));
        opened.add(broker);
        Worker worker = Worker.start(config(), broker, new WorkerListener() {});
        opened.add(0, worker);
      }
      Pool pool = builder().open();
      Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> pool.processes() == SLOTS);
      return pool;
    }

    private WorkerConfig config() throws Exception {
      List<Path> classPath =
          Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
              .map(Path::of)
              .toList();
      Path app =
          Path.of(Functions.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return WorkerConfig.builder()
          .pool(BrokerUri.parse(uri()).pool())
          .processes(SLOTS / WORKERS)
          .classPath(classPath)
          .appPath(List.of(app))
          .heartbeat(Duration.ofMillis(500))
          .build();
    }
  };

  /** Workers over RabbitMQ. */
  static final int WORKERS = 2;

  /** Calls that run there at once. */
  static final int SLOTS = 4;

  /** What the site needs besides its pool, in the order in which it is closed. */
  final List<AutoCloseable> opened = new ArrayList<>();

  private Pool shared;

  /** All that can be had here. */
  static Stream<Site> all() {
    return Stream.of(values());
  }

  /** The URI of the pool over RabbitMQ. */
  static String uri() {
    return SharedBroker.uri("conformance" + ProcessHandle.current().pid());
  }

  /** A builder for a pool of the test's own. */
  abstract Pool.Builder builder();

  abstract Pool openShared() throws Exception;

  boolean overBroker() {
    return this == RABBIT;
  }

  /** A pool that stands for the whole run; no test ends it. */
  synchronized Pool pool() throws Exception {
    if (shared == null) {
      shared = openShared();
    }
    return shared;
  }

  /** Child processes that the shared pools may have now, each worker with a spare. */
  static int mostChildren() {
    return (LOCAL.shared == null ? 0 : 2 + 1) + (RABBIT.shared == null ? 0 : SLOTS + WORKERS);
  }

  private synchronized void close() throws Exception {
    if (shared != null) {
      shared.close();
      shared = null;
    }
    for (AutoCloseable one : opened) {
      one.close();
    }
    opened.clear();
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

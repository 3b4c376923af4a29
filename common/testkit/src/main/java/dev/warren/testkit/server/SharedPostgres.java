package dev.warren.testkit.server;

import dev.warren.lifecycle.NamedThreads;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One PostgreSQL server per test JVM, started by the first test that needs it and stopped with the
 * JVM. Tests are separated by schemas. A test that stops the server restarts it. Thread-safe.
 */
public final class SharedPostgres {
  private static final AtomicInteger SCHEMAS = new AtomicInteger();
  private static @Nullable PrivatePostgres shared; // guarded by the class

  private SharedPostgres() {}

  /** Returns the server, running. Fails the test if PostgreSQL is not installed. */
  public static synchronized PrivatePostgres get() {
    if (!PrivatePostgres.isInstalled()) {
      throw new AssertionError("PostgreSQL is not installed; ./verify installs it");
    }
    try {
      PrivatePostgres server = shared;
      if (server == null) {
        PrivatePostgres started = PrivatePostgres.start();
        Runtime.getRuntime()
            .addShutdownHook(NamedThreads.unstarted("shared-postgres-end", started::close));
        shared = started;
        return started;
      }
      server.restart();
      return server;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while PostgreSQL started", e);
    }
  }

  /** Returns a name for a schema that no other test of this JVM uses. */
  public static String newSchema() {
    return "test_" + SCHEMAS.incrementAndGet();
  }
}

package dev.warren.testing;

import dev.warren.broker.PrivateBroker;
import dev.warren.lifecycle.NamedThreads;
import org.jspecify.annotations.Nullable;

/**
 * One RabbitMQ server per test JVM, started by the first test that asks and ended with the JVM.
 * Tests keep apart by their pools' names. A test that stops or kills the server starts it again.
 */
public final class SharedBroker {
  private static @Nullable PrivateBroker broker;

  private SharedBroker() {}

  /** The server, running. Fails the test where RabbitMQ is not installed. */
  public static synchronized PrivateBroker get() {
    try {
      if (broker == null) {
        if (!PrivateBroker.isInstalled()) {
          throw new AssertionError("RabbitMQ is not installed; ./verify installs it");
        }
        PrivateBroker started = PrivateBroker.start();
        Runtime.getRuntime()
            .addShutdownHook(NamedThreads.unstarted("shared-broker-end", started::close));
        broker = started;
      }
      broker.restart();
      return broker;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while RabbitMQ started", e);
    }
  }

  /** Its URI, for a pool of this name. */
  public static String uri(String pool) {
    return get().uri() + "?pool=" + pool;
  }
}

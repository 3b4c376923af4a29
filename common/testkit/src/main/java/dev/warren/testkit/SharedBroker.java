package dev.warren.testkit;

import dev.warren.lifecycle.NamedThreads;
import dev.warren.testkit.server.PrivateBroker;
import dev.warren.testkit.server.ServerInstallation;
import dev.warren.testkit.server.ServerSettings;
import java.util.HashMap;
import java.util.Map;

/**
 * One RabbitMQ server per version and test JVM, started by the first test that needs it and stopped
 * with the JVM. Tests are separated by their pools' names. A test that stops or kills the server,
 * or changes its settings, restores it. Thread-safe.
 */
public final class SharedBroker {
  private static final Map<ServerInstallation, PrivateBroker> BROKERS = new HashMap<>();

  private SharedBroker() {}

  /** Returns the installed server, running. Fails the test if RabbitMQ is not installed. */
  public static PrivateBroker get() {
    if (!PrivateBroker.isInstalled()) {
      throw new AssertionError("RabbitMQ is not installed; ./verify installs it");
    }
    return running(ServerInstallation.own());
  }

  /** Returns a server of this version, running. Fails the test if that version is not installed. */
  public static PrivateBroker of(RabbitVersion version) {
    return of(version.installation());
  }

  /** Returns a server of this installation, running. */
  public static PrivateBroker of(ServerInstallation installation) {
    return running(installation);
  }

  private static synchronized PrivateBroker running(ServerInstallation installation) {
    try {
      PrivateBroker broker = BROKERS.get(installation);
      if (broker == null) {
        PrivateBroker started = PrivateBroker.start(ServerSettings.of(installation));
        Runtime.getRuntime()
            .addShutdownHook(NamedThreads.unstarted("shared-broker-end", started::close));
        BROKERS.put(installation, started);
        return started;
      }
      broker.restart();
      return broker;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while RabbitMQ started", e);
    }
  }

  /** The installed server's URI, for a pool of this name. */
  public static String uri(String pool) {
    return get().uri() + "?pool=" + pool;
  }
}

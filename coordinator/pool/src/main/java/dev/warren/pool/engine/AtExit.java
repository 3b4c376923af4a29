package dev.warren.pool.engine;

import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.NamedThreads;
import dev.warren.lifecycle.TimeSource;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;

/**
 * Terminates the pools that are still open when the JVM shuts down, so that remote workers do not
 * continue with calls that nobody waits for. Thread-safe.
 */
final class AtExit {
  /** Maximum time JVM shutdown is delayed. */
  static final Duration LIMIT = Duration.ofSeconds(3);

  private static final Logger log = Logs.of(AtExit.class);
  private static final Set<Engine> OPEN = ConcurrentHashMap.newKeySet();
  private static final AtomicBoolean HOOKED = new AtomicBoolean();

  private AtExit() {}

  /** Terminates the engine if the JVM shuts down before {@link #forget}. */
  static void terminate(Engine engine) {
    OPEN.add(engine);
    if (HOOKED.compareAndSet(false, true)) {
      try {
        Runtime.getRuntime().addShutdownHook(NamedThreads.unstarted("pool-exit", AtExit::run));
      } catch (IllegalStateException e) {
        log.debug("the JVM is already shutting down; pool {} ends with it", engine, e);
      }
    }
  }

  /** Removes a released engine. */
  static void forget(Engine engine) {
    OPEN.remove(engine);
  }

  private static void run() {
    OPEN.forEach(Engine::terminate);
    long end = TimeSource.SYSTEM.nanos() + LIMIT.toNanos();
    try {
      for (Engine engine : OPEN) {
        if (!engine.awaitReleased(end - TimeSource.SYSTEM.nanos())) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

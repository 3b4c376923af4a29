package dev.warren.pool.engine;

import dev.warren.broker.Route;
import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.TimeSource;
import dev.warren.wire.SecretIds;
import dev.warren.wire.control.ClockMessage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;

/**
 * Publishes this owner's clock to the workers, once it has calls that expire. A worker that joins
 * late would otherwise learn it only from tasks that have waited, and take them for fresh ones.
 * Thread-safe; never blocks.
 */
final class ClockTeller {
  private static final Logger log = Logs.of(ClockTeller.class);

  /** Workers that join within this time get one common message. */
  private static final long TOGETHER_MS = 300;

  private final Engine engine;
  private final EngineConfig config;
  private final TimeSource time;
  private final AtomicBoolean needed = new AtomicBoolean();
  private final AtomicBoolean due = new AtomicBoolean();

  ClockTeller(Engine engine, EngineConfig config, TimeSource time) {
    this.engine = engine;
    this.config = config;
    this.time = time;
  }

  /** Called before the first expiring call is sent. */
  void callExpires() {
    if (!needed.get() && needed.compareAndSet(false, true)) {
      tell();
    }
  }

  /** Called when a new worker is discovered. */
  void workerJoined() {
    if (needed.get() && due.compareAndSet(false, true)) {
      engine.later(
          () -> {
            due.set(false);
            tell();
          },
          TOGETHER_MS,
          TimeUnit.MILLISECONDS);
    }
  }

  private void tell() {
    if (config.localWorker() != null) {
      return; // same process, same clock
    }
    String id = "clock." + SecretIds.random();
    ClockMessage message = new ClockMessage(id, config.owner().resultsQueue(), time.steadyMillis());
    config
        .broker()
        .publish(new Route(config.owner().names().control(), ""), message.toMessage())
        .whenComplete(
            (receipt, failure) -> log.debug("published this owner's clock: {}", receipt, failure));
  }
}

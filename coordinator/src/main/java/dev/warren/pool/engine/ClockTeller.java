package dev.warren.pool.engine;

import dev.warren.broker.Route;
import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.TimeSource;
import dev.warren.wire.ClockMessage;
import dev.warren.wire.SecretIds;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;

/**
 * Tells the workers what this owner's clock shows, once it has calls that expire: a worker that
 * comes late knows it only from tasks that have waited, and would take them for fresh. Thread-safe;
 * never blocks.
 */
final class ClockTeller {
  private static final Logger log = Logs.of(ClockTeller.class);

  /** Workers that join together are told together. */
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

  /** A call that expires is about to be sent. */
  void callExpires() {
    if (!needed.get() && needed.compareAndSet(false, true)) {
      tell();
    }
  }

  /** A worker has been heard of for the first time. */
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
      return; // it has the same clock
    }
    String id = "clock." + SecretIds.random();
    ClockMessage message = new ClockMessage(id, config.owner().resultsQueue(), time.steadyMillis());
    config
        .broker()
        .publish(new Route(config.owner().names().control(), ""), message.toMessage())
        .whenComplete(
            (receipt, failure) -> log.debug("told the workers the time: {}", receipt, failure));
  }
}

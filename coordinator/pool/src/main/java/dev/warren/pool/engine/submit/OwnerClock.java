package dev.warren.pool.engine.submit;

import dev.warren.broker.Route;
import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.TimeSource;
import dev.warren.pool.engine.threads.EngineThreads;
import dev.warren.task.TaskOptions;
import dev.warren.wire.SecretIds;
import dev.warren.wire.control.ClockMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;

/**
 * The owner's clock, by which its calls expire. Publishes it to the workers once there are calls
 * that expire: a worker that joins late would otherwise learn it only from tasks that have waited,
 * and take them for fresh ones. Thread-safe; never blocks.
 */
public final class OwnerClock {
  private static final Logger log = Logs.of(OwnerClock.class);

  /** Workers that join within this time get one common message. */
  private static final long TOGETHER_MS = 300;

  private final SubmissionConfig config;
  private final EngineThreads threads;
  private final TimeSource time;
  private final AtomicBoolean needed = new AtomicBoolean();
  private final AtomicBoolean due = new AtomicBoolean();

  OwnerClock(SubmissionConfig config, EngineThreads threads, TimeSource time) {
    this.config = config;
    this.threads = threads;
    this.time = time;
  }

  /**
   * When a call that is submitted now expires, in milliseconds of this clock; 0 if it does not. The
   * first such call has the clock published.
   */
  long expiryOf(TaskOptions options) {
    Duration expires = options.expires();
    if (expires == null) {
      return 0;
    }
    if (!needed.get() && needed.compareAndSet(false, true)) {
      publish();
    }
    return time.steadyMillis() + expires.toMillis();
  }

  /** How long a call that is submitted now must wait before it starts, in milliseconds. */
  long waitMillis(TaskOptions options) {
    if (options.delay() == null && options.notBefore() == null) {
      return 0;
    }
    Duration wait = options.untilStart(Instant.ofEpochMilli(time.epochMillis()));
    return (wait.toNanos() + 999_999) / 1_000_000;
  }

  /** Called when a new worker is discovered. */
  public void workerJoined() {
    if (needed.get() && due.compareAndSet(false, true)) {
      threads.later(
          () -> {
            due.set(false);
            publish();
          },
          TOGETHER_MS,
          TimeUnit.MILLISECONDS);
    }
  }

  private void publish() {
    if (config.sameClock()) {
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

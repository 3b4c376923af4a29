package dev.warren.pool.engine;

import dev.warren.broker.Broker;
import dev.warren.lifecycle.TimeSource;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Measures how long the broker has been unreachable, and decides when calls must not wait for it
 * any longer. Confined to one thread at a time.
 */
final class BrokerAbsence {
  private final Broker broker;
  private final Duration limit;
  private final TimeSource time;
  private boolean away;
  private long sinceNanos;

  BrokerAbsence(Broker broker, Duration limit, TimeSource time) {
    this.broker = broker;
    this.limit = limit;
    this.time = time;
  }

  /**
   * Checks the connection. Returns the reason why pending calls must fail now; null if they may
   * wait.
   */
  @Nullable String look() {
    long now = time.nanos();
    if (broker.connected()) {
      away = false;
      return null;
    }
    if (!away) {
      away = true;
      sinceNanos = now;
    }
    return now - sinceNanos < limit.toNanos() ? null : text((now - sinceNanos) / 1_000_000_000);
  }

  private String text(long seconds) {
    return "the broker "
        + broker.description()
        + " has been unreachable for "
        + seconds
        + " s, and the broker timeout is "
        + limit.toSeconds()
        + " s";
  }
}

package dev.warren.cluster;

import dev.warren.lifecycle.BoundedMap;
import dev.warren.lifecycle.Logs;
import dev.warren.wire.Headers;
import dev.warren.wire.Message;
import java.time.Duration;
import org.slf4j.Logger;

/**
 * Warns once about each host whose clock differs from this host's. Warren does not depend on it,
 * but the times in logs and dead letters do. Confined to the thread that handles heartbeats.
 */
public final class ClockSkews {
  private static final Logger log = Logs.of(ClockSkews.class);

  /** Smaller differences are not reported. */
  private static final Duration SMALLEST = Duration.ofSeconds(5);

  /** Heartbeats compared per host, because a single one may have been delayed. */
  private static final int HEARTBEATS = 3;

  private static final long BYTES = 1 << 20;

  private final BoundedMap<String, Seen> hosts =
      BoundedMap.byUse(BYTES, (host, seen) -> BoundedMap.textBytes(host) + 32);

  /**
   * How far a host's clock is behind this host's: the smallest difference of the heartbeats so far.
   */
  private record Seen(int heartbeats, long behindMillis) {}

  /** Evaluates a heartbeat of this host, if it carries the time at which it was sent. */
  public void heard(String host, Message heartbeat, long nowMillis) {
    if (!(heartbeat.headers().get(Headers.SENT_AT_MS) instanceof Long sent)) {
      return;
    }
    Seen before = hosts.get(host);
    if (before != null && before.heartbeats == HEARTBEATS) {
      return;
    }
    long behind = nowMillis - sent;
    Seen seen =
        before == null
            ? new Seen(1, behind)
            : new Seen(before.heartbeats + 1, Math.min(before.behindMillis, behind));
    hosts.put(host, seen);
    if (seen.heartbeats == HEARTBEATS && Math.abs(seen.behindMillis) > SMALLEST.toMillis()) {
      log.warn(
          "the clock of host {} is {} s {} this host's: calls are not affected, but times in its logs"
              + " and in dead letters are",
          host,
          Math.abs(seen.behindMillis) / 1000,
          seen.behindMillis > 0 ? "behind" : "ahead of");
    }
  }
}

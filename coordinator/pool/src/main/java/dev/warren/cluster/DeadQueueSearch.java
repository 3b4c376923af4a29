package dev.warren.cluster;

import dev.warren.broker.Broker;
import dev.warren.broker.BrokerException;
import dev.warren.lifecycle.Logs;
import dev.warren.wire.BrokerDeath;
import dev.warren.wire.Headers;
import dev.warren.wire.TaskId;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;

/**
 * Finds tasks that the broker itself has moved to the dead-letter queue, for example by a policy.
 * Confined to one thread at a time; blocks while it browses the queue.
 */
final class DeadQueueSearch {
  private static final Logger log = Logs.of(DeadQueueSearch.class);

  /** Minimum interval between browses of the dead-letter queue, in nanoseconds. */
  private static final long EVERY = 60_000_000_000L;

  /** Maximum number of its messages read each time. */
  private static final long MAX_DEAD = 5000;

  private final Broker broker;
  private final String queue;
  private long lastNanos;

  DeadQueueSearch(Broker broker, String queue, long now) {
    this.broker = broker;
    this.queue = queue;
    this.lastNanos = now - EVERY;
  }

  /** The dead-letter queue. */
  String queue() {
    return queue;
  }

  /** Returns why the broker moved those of these tasks that it moved, by task id. */
  Map<String, BrokerDeath> deaths(Set<String> tasks, long now) {
    if (now - lastNanos < EVERY) {
      return Map.of();
    }
    lastNanos = now;
    Map<String, BrokerDeath> deaths = new HashMap<>();
    try {
      broker.browse(
          queue,
          MAX_DEAD,
          message -> {
            String id = TaskId.parse(message.id()).root();
            BrokerDeath death = BrokerDeath.of(message.headers());
            boolean byWorker = message.headers().containsKey(Headers.CAUSE);
            if (death != null && !byWorker && tasks.contains(id)) {
              deaths.put(id, death);
            }
          });
    } catch (BrokerException e) {
      log.debug("cannot browse the dead-letter queue now: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return deaths;
  }
}

package dev.warren.service.workers;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.broker.Broker;
import dev.warren.broker.Delivery;
import dev.warren.broker.PoolNames;
import dev.warren.broker.Route;
import dev.warren.broker.Subscription;
import dev.warren.lifecycle.LogThrottle;
import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.TimeSource;
import dev.warren.wire.SecretIds;
import dev.warren.wire.WireFormatException;
import dev.warren.wire.control.Heartbeat;
import dev.warren.wire.control.HelloMessage;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;

/**
 * Keeps the last heartbeat of each worker of a pool. Heartbeats arrive on a thread of the broker.
 * Thread-safe.
 */
public final class WorkerTable implements AutoCloseable {
  private static final Logger log = Logs.of(WorkerTable.class);
  private static final int PREFETCH = 20;

  /** Maximum number of workers; further ones are ignored. */
  private static final int MAX_WORKERS = 20_000;

  /** A worker that misses this many heartbeats is removed. */
  private static final int MISSED = 3;

  private static final long USUAL_INTERVAL_MS = 10_000;
  private static final long MARGIN_MS = 5_000;

  private final TimeSource time;
  private final Subscription subscription;

  @GuardedBy("this")
  private final Map<String, Seen> workers = new HashMap<>();

  // confined to the thread that delivers
  private final LogThrottle oddEvents = new LogThrottle(Duration.ofSeconds(10));

  private WorkerTable(Broker broker, String queue, TimeSource time) {
    this.time = time;
    this.subscription = broker.subscribe(queue, PREFETCH, this::heard);
  }

  /** Subscribes to the heartbeats of a pool's workers, and asks for one. */
  public static WorkerTable open(Broker broker, PoolNames names, TimeSource time) {
    String queue = PoolNames.events(SecretIds.random());
    broker.declare(PoolNames.privateTopology(queue, names.events(), Heartbeat.KEY));
    WorkerTable table = new WorkerTable(broker, queue, time);
    HelloMessage hello = new HelloMessage("hello." + SecretIds.random());
    broker
        .publish(new Route(names.control(), ""), hello.toMessage())
        .whenComplete(
            (receipt, failure) -> log.debug("said hello to the workers: {}", receipt, failure));
    return table;
  }

  private void heard(Delivery delivery) {
    try {
      note(Heartbeat.of(delivery.message()));
    } catch (WireFormatException e) {
      if (oddEvents.allows(time.nanos())) {
        log.warn(
            "dropped an event that is not a heartbeat: {}{}", e.getMessage(), oddEvents.heldBack());
      }
    } finally {
      delivery.ack();
    }
  }

  private synchronized void note(Heartbeat beat) {
    if (beat.leaving()) {
      workers.remove(beat.supervisor());
    } else if (workers.size() < MAX_WORKERS || workers.containsKey(beat.supervisor())) {
      workers.put(beat.supervisor(), new Seen(beat, time.nanos()));
    }
  }

  /** The workers that have been heard of lately, by host and id. */
  public synchronized List<WorkerView> workers() {
    long now = time.nanos();
    workers.values().removeIf(seen -> seen.isSilent(now));
    return workers.values().stream()
        .map(seen -> WorkerView.of(seen.beat, seen.ageMillis(now)))
        .sorted(Comparator.comparing(WorkerView::host).thenComparing(WorkerView::id))
        .toList();
  }

  @Override
  public void close() {
    subscription.cancel();
  }

  private record Seen(Heartbeat beat, long at) {
    long ageMillis(long now) {
      return (now - at) / 1_000_000;
    }

    boolean isSilent(long now) {
      long interval = beat.intervalMillis() > 0 ? beat.intervalMillis() : USUAL_INTERVAL_MS;
      return ageMillis(now) > MISSED * interval + MARGIN_MS;
    }
  }
}

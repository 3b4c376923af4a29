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
import dev.warren.wire.Message;
import dev.warren.wire.SecretIds;
import dev.warren.wire.WireFormatException;
import dev.warren.wire.control.DrainMessage;
import dev.warren.wire.control.Heartbeat;
import dev.warren.wire.control.HelloMessage;
import dev.warren.wire.control.SlotReport;
import dev.warren.wire.control.StateReport;
import dev.warren.wire.control.WatchMessage;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.slf4j.Logger;

/**
 * Keeps the last heartbeat and the last report of each worker of a pool. They arrive on a thread of
 * the broker; nothing asks workers and waits. Thread-safe.
 */
public final class WorkerTable implements AutoCloseable {
  private static final Logger log = Logs.of(WorkerTable.class);
  private static final int PREFETCH = 200;

  /** All events of workers. */
  private static final String EVENTS = "worker.*";

  /** Maximum number of workers; further ones are ignored. */
  private static final int MAX_WORKERS = 20_000;

  private static final long WATCH_EVERY = Duration.ofSeconds(10).toNanos();
  private static final int WATCH_SECONDS = 30;

  private final Broker broker;
  private final PoolNames names;
  private final TimeSource time;
  private final Subscription subscription;

  @GuardedBy("this")
  private final Map<String, SeenWorker> workers = new HashMap<>();

  @GuardedBy("this")
  private long callsEnded;

  @GuardedBy("this")
  private long watchedNanos;

  // confined to the thread that delivers
  private final LogThrottle oddEvents = new LogThrottle(Duration.ofSeconds(10));

  private WorkerTable(Broker broker, PoolNames names, String queue, TimeSource time) {
    this.broker = broker;
    this.names = names;
    this.time = time;
    this.watchedNanos = time.nanos() - WATCH_EVERY;
    this.subscription = broker.subscribe(queue, PREFETCH, this::heard);
  }

  /** Subscribes to the events of a pool's workers, and asks for a heartbeat. */
  public static WorkerTable open(Broker broker, PoolNames names, TimeSource time) {
    String queue = PoolNames.events(SecretIds.random());
    broker.declare(PoolNames.privateTopology(queue, names.events(), EVENTS));
    WorkerTable table = new WorkerTable(broker, names, queue, time);
    var unused = table.tell(new HelloMessage("hello." + SecretIds.random()).toMessage());
    return table;
  }

  /** Sends a message to all workers. */
  private CompletableFuture<Broker.Receipt> tell(Message message) {
    return broker
        .publish(new Route(names.control(), ""), message)
        .whenComplete(
            (receipt, failure) -> log.debug("{} sent: {}", message.type(), receipt, failure));
  }

  /** Somebody watches: makes workers report every two seconds for a while. Call it repeatedly. */
  public void watch() {
    synchronized (this) {
      long now = time.nanos();
      if (now - watchedNanos < WATCH_EVERY) {
        return;
      }
      watchedNanos = now;
    }
    var unused = tell(new WatchMessage("watch." + SecretIds.random(), WATCH_SECONDS).toMessage());
  }

  /** Asks a worker to drain; completes when the broker has the request. */
  public CompletableFuture<Broker.Receipt> drain(String id) {
    return tell(new DrainMessage("drain." + SecretIds.random(), id).toMessage());
  }

  private void heard(Delivery delivery) {
    try {
      Message message = delivery.message();
      if (StateReport.TYPE.equals(message.type())) {
        note(StateReport.of(message));
      } else {
        note(Heartbeat.of(message));
      }
    } catch (WireFormatException e) {
      if (oddEvents.allows(time.nanos())) {
        log.warn("dropped an odd event: {}{}", e.getMessage(), oddEvents.heldBack());
      }
    } finally {
      delivery.ack();
    }
  }

  private synchronized void note(Heartbeat beat) {
    if (beat.leaving()) {
      workers.remove(beat.supervisor());
    } else if (hasRoomFor(beat.supervisor())) {
      seen(beat.supervisor()).heard(beat, time.nanos());
    }
  }

  private synchronized void note(StateReport report) {
    if (hasRoomFor(report.supervisor())) {
      callsEnded += seen(report.supervisor()).heard(report, time.nanos(), time.epochMillis());
    }
  }

  @GuardedBy("this")
  private boolean hasRoomFor(String id) {
    return workers.size() < MAX_WORKERS || workers.containsKey(id);
  }

  @GuardedBy("this")
  private SeenWorker seen(String id) {
    return workers.computeIfAbsent(id, any -> new SeenWorker());
  }

  /** The workers that have been heard of lately, by host and id. */
  public synchronized List<WorkerState> states() {
    long now = time.nanos();
    workers.values().removeIf(seen -> seen.isSilent(now));
    return workers.entrySet().stream()
        .map(entry -> entry.getValue().state(entry.getKey(), now))
        .sorted(Comparator.comparing(WorkerState::host).thenComparing(WorkerState::id))
        .toList();
  }

  /** One worker; empty if it has not been heard of lately. */
  public synchronized Optional<WorkerState> state(String id) {
    long now = time.nanos();
    return Optional.ofNullable(workers.get(id))
        .filter(seen -> !seen.isSilent(now))
        .map(seen -> seen.state(id, now));
  }

  /** Numbers of the calls of a job that run in a child, as of the last reports. */
  public synchronized Set<Long> running(String job) {
    long now = time.nanos();
    return workers.values().stream()
        .filter(seen -> !seen.isSilent(now))
        .flatMap(SeenWorker::slotReports)
        .filter(slot -> job.equals(slot.job()))
        .map(SlotReport::call)
        .collect(Collectors.toSet());
  }

  /** The workers as the API lists them. */
  public List<WorkerView> workers() {
    return states().stream().map(WorkerView::of).toList();
  }

  /** Number of calls that all workers have ended since this table was opened. */
  public synchronized long callsEnded() {
    return callsEnded;
  }

  @Override
  public void close() {
    subscription.cancel();
  }
}

package dev.warren.worker;

import dev.warren.broker.Broker;
import dev.warren.broker.PoolNames;
import dev.warren.broker.Route;
import dev.warren.lifecycle.EventLoop;
import dev.warren.lifecycle.Logs;
import dev.warren.wire.control.StateReport;
import dev.warren.worker.config.WarrenVersion;
import dev.warren.worker.config.WorkerConfig;
import dev.warren.worker.consume.TaskConsumer;
import dev.warren.worker.supervise.Supervisor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;

/**
 * Publishes what the worker's children do: with each heartbeat, and more often while somebody
 * watches. Confined to the loop.
 */
final class StateReports {
  private static final Logger log = Logs.of(StateReports.class);

  private final Broker broker;
  private final Route route;
  private final EventLoop loop;
  private final Supervisor supervisor;
  private final TaskConsumer consumer;
  private final int slots;
  private final long heartbeatMillis;
  private long sequence;
  private long watchedUntil;
  private boolean scheduled;
  private boolean draining;

  StateReports(
      Broker broker,
      EventLoop loop,
      Supervisor supervisor,
      TaskConsumer consumer,
      WorkerConfig config) {
    this.broker = broker;
    this.route = new Route(new PoolNames(config.pool()).events(), StateReport.KEY);
    this.loop = loop;
    this.supervisor = supervisor;
    this.consumer = consumer;
    this.slots = config.processes();
    this.heartbeatMillis = config.heartbeat().toMillis();
    this.watchedUntil = loop.now();
  }

  /** Somebody watches for this many seconds. */
  void watch(int seconds) {
    watchedUntil = Math.max(watchedUntil, loop.now() + TimeUnit.SECONDS.toNanos(seconds));
    if (!scheduled) {
      publishAndRepeat();
    }
  }

  private void publishAndRepeat() {
    scheduled = isWatched();
    if (scheduled) {
      publish();
      loop.after(StateReport.WATCHED_MS, this::publishAndRepeat);
    }
  }

  private boolean isWatched() {
    return watchedUntil - loop.now() > 0;
  }

  /** Publishes a report beside a heartbeat, unless one comes soon anyway. */
  void beat(boolean nowDraining) {
    boolean changed = draining != nowDraining;
    draining = nowDraining;
    if (changed || !scheduled) {
      publish();
    }
  }

  /** It is normal that no queue receives a report. */
  private void publish() {
    StateReport report =
        new StateReport(
            supervisor.id(),
            supervisor.host(),
            ProcessHandle.current().pid(),
            ++sequence,
            scheduled ? StateReport.WATCHED_MS : heartbeatMillis,
            WarrenVersion.number(),
            slots,
            draining,
            supervisor.callsWaiting(),
            consumer.callsEnded(),
            consumer.callsFailed(),
            supervisor.recycled(),
            supervisor.lost(),
            supervisor.slots());
    broker
        .publish(route, report.toMessage())
        .whenComplete(
            (receipt, failure) -> {
              if (failure != null) {
                log.debug("state report not sent: {}", failure.getMessage());
              }
            });
  }
}

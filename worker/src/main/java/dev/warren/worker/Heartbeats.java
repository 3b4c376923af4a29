package dev.warren.worker;

import dev.warren.broker.Broker;
import dev.warren.broker.PoolNames;
import dev.warren.broker.Route;
import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.TimeSource;
import dev.warren.wire.Headers;
import dev.warren.wire.Message;
import dev.warren.wire.control.ControlLimits;
import dev.warren.wire.control.Heartbeat;
import dev.warren.worker.config.WarrenVersion;
import dev.warren.worker.config.WorkerConfig;
import dev.warren.worker.consume.TaskConsumer;
import dev.warren.worker.supervise.Supervisor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Publishes heartbeats from the loop thread, so a heartbeat also proves that the loop is running.
 * Confined to the loop.
 */
final class Heartbeats {
  private static final Logger log = Logs.of(Heartbeats.class);

  private final Broker broker;
  private final Route route;
  private final Supervisor supervisor;
  private final TaskConsumer consumer;
  private final int slots;
  private final long intervalMillis;
  private final int callable;
  private final @Nullable String appDigest;
  private long sequence;

  Heartbeats(
      Broker broker,
      PoolNames names,
      Supervisor supervisor,
      TaskConsumer consumer,
      WorkerConfig config) {
    this.broker = broker;
    this.route = new Route(names.events(), Heartbeat.KEY);
    this.supervisor = supervisor;
    this.consumer = consumer;
    this.slots = config.processes();
    this.callable = config.callable();
    this.appDigest = config.appDigest();
    this.intervalMillis = config.heartbeat().toMillis();
  }

  /**
   * Adds headers for operators: the clock, the version, call counts, the number of callable
   * functions and the app's digest.
   */
  private Message marked(Message message) {
    Map<String, Object> headers = new HashMap<>(message.headers());
    headers.put(Headers.SENT_AT_MS, TimeSource.SYSTEM.epochMillis());
    headers.put(Headers.PROGRAM, WarrenVersion.number());
    headers.put(Headers.CALLS_ENDED, consumer.callsEnded());
    headers.put(Headers.CALLS_FAILED, consumer.callsFailed());
    if (callable >= 0) {
      headers.put(Headers.FUNCTIONS, callable);
    }
    if (appDigest != null) {
      headers.put(Headers.APP, appDigest);
    }
    return new Message(
        message.id(), message.type(), null, null, message.priority(), headers, message.body());
  }

  /** Publishes one heartbeat; it is normal that no queue receives it. */
  void beat(boolean draining, boolean leaving) {
    List<String> held = consumer.held(ControlLimits.IDS);
    Heartbeat heartbeat =
        new Heartbeat(
            supervisor.id(),
            supervisor.host(),
            ProcessHandle.current().pid(),
            ++sequence,
            draining ? 0 : slots,
            supervisor.busySlots(),
            held,
            leaving,
            intervalMillis,
            consumer.heldCount() > held.size(),
            supervisor.recycled(),
            supervisor.children(),
            broker.roundTrip().toNanos() / 1000);
    broker
        .publish(route, marked(heartbeat.toMessage()))
        .whenComplete(
            (receipt, failure) -> {
              if (failure != null) {
                log.debug("heartbeat not sent: {}", failure.getMessage());
              }
            });
  }
}

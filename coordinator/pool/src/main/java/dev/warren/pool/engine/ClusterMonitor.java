package dev.warren.pool.engine;

import dev.warren.broker.Broker;
import dev.warren.broker.BrokerListener;
import dev.warren.broker.Delivery;
import dev.warren.broker.Route;
import dev.warren.broker.Subscription;
import dev.warren.cluster.ClockSkews;
import dev.warren.cluster.ClusterEvent;
import dev.warren.cluster.Echoes;
import dev.warren.cluster.LostTaskWatch;
import dev.warren.cluster.OwnerIdentity;
import dev.warren.cluster.WorkerRegistry;
import dev.warren.lifecycle.LogThrottle;
import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.TimeSource;
import dev.warren.pool.engine.submit.OwnerClock;
import dev.warren.task.TaskContext;
import dev.warren.wire.SecretIds;
import dev.warren.wire.WireFormatException;
import dev.warren.wire.control.Heartbeat;
import dev.warren.wire.control.HelloMessage;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * What an engine learns about its workers and its broker: receives heartbeats, keeps the registry
 * of workers and the watch for lost tasks informed, and forwards connection events. Thread-safe.
 */
final class ClusterMonitor implements BrokerListener {
  private static final Logger log = Logs.of(ClusterMonitor.class);
  private static final int EVENTS_PREFETCH = 20;

  private final Broker broker;
  private final OwnerIdentity owner;
  private final boolean remote;
  private final Consumer<ClusterEvent> listener;
  private final TimeSource time;
  private final WorkerRegistry registry;
  private final OwnerClock clock;
  private final LostTaskWatch lostTasks;
  private final NestedWaits nestedWaits;
  private final ClockSkews clockSkews = new ClockSkews();
  // confined to the thread that delivers events
  private final LogThrottle oddEvents = new LogThrottle(Duration.ofSeconds(10));
  // written by start, before the engine is published
  private @Nullable Subscription events;

  ClusterMonitor(
      Member member,
      TimeSource time,
      WorkerRegistry registry,
      OwnerClock clock,
      LostTaskWatch lostTasks) {
    this.broker = member.broker();
    this.owner = member.owner();
    this.remote = member.remote();
    this.listener = member.listener();
    this.time = time;
    this.registry = registry;
    this.clock = clock;
    this.lostTasks = lostTasks;
    this.nestedWaits = new NestedWaits(owner.names().pool(), registry);
  }

  /**
   * Who monitors.
   *
   * @param remote whether the workers are other processes
   * @param listener receives events of workers and the broker
   */
  record Member(
      Broker broker, OwnerIdentity owner, boolean remote, Consumer<ClusterEvent> listener) {}

  /** Subscribes to the workers' events, whose queue must exist, and asks for heartbeats. */
  void start() {
    events = broker.subscribe(owner.eventsQueue(), EVENTS_PREFETCH, this::event);
    broker.addListener(this);
    sayHello();
  }

  /** Receives no more events of workers. */
  void stop() {
    broker.removeListener(this);
    if (events != null) {
      events.cancel();
    }
  }

  /** The calling thread is about to wait for this pool without a timeout. */
  void waitsForEver() {
    if (TaskContext.insideCall()) {
      nestedWaits.begin(TaskContext.current());
    }
  }

  /** Asks the workers for an immediate heartbeat. */
  void sayHello() {
    if (remote) {
      String id = "hello." + SecretIds.random();
      broker
          .publish(new Route(owner.names().control(), ""), new HelloMessage(id).toMessage())
          .whenComplete(
              (receipt, failure) -> log.debug("said hello to the workers: {}", receipt, failure));
    }
  }

  private void event(Delivery delivery) {
    try {
      if (Echoes.TYPE.equals(delivery.message().type())) {
        lostTasks.echoed(delivery.message());
        return;
      }
      Heartbeat beat = Heartbeat.of(delivery.message());
      boolean joins = !registry.has(beat.supervisor());
      registry.heard(beat, time.nanos());
      clockSkews.heard(beat.host(), delivery.message(), time.epochMillis());
      if (joins) {
        clock.workerJoined();
      }
      nestedWaits.look();
    } catch (WireFormatException e) {
      if (oddEvents.allows(time.nanos())) {
        log.warn(
            "dropped an event that is not a heartbeat: {}{}", e.getMessage(), oddEvents.heldBack());
      }
    } catch (RuntimeException | Error e) {
      log.error("an event could not be handled", e);
    } finally {
      delivery.ack();
    }
  }

  @Override
  public void disconnected(String reason) {
    listener.accept(new ClusterEvent.BrokerLost(reason));
  }

  @Override
  public void reconnected() {
    sayHello();
    listener.accept(new ClusterEvent.BrokerBack());
  }

  @Override
  public void blocked(String reason) {
    listener.accept(new ClusterEvent.BrokerBlocked(reason));
  }

  @Override
  public void unblocked() {
    listener.accept(new ClusterEvent.BrokerUnblocked());
  }
}

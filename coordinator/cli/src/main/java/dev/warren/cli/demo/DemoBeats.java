package dev.warren.cli.demo;

import dev.warren.broker.Broker;
import dev.warren.broker.BrokerUri;
import dev.warren.broker.Delivery;
import dev.warren.broker.PoolNames;
import dev.warren.broker.Route;
import dev.warren.broker.rabbit.RabbitBroker;
import dev.warren.lifecycle.TimeSource;
import dev.warren.wire.WireFormatException;
import dev.warren.wire.control.Heartbeat;
import dev.warren.wire.control.HelloMessage;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Listens to the heartbeats of the demo's workers: which children they have, and how many they have
 * recycled. Thread-safe; heartbeats arrive on a thread of the broker.
 */
final class DemoBeats implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(20);

  private final Broker broker;
  private final PoolNames names;
  // guarded by this
  private final Map<String, Heartbeat> last = new HashMap<>();

  private DemoBeats(Broker broker, PoolNames names) {
    this.broker = broker;
    this.names = names;
  }

  /** Connects and starts to listen. */
  static DemoBeats open(BrokerUri uri) throws InterruptedException {
    PoolNames names = new PoolNames(uri.pool());
    DemoBeats beats = new DemoBeats(RabbitBroker.open(uri, "warren demo", CONNECT_TIMEOUT), names);
    String queue = names.events() + ".demo-" + UUID.randomUUID();
    beats.broker.declare(
        names.topology().and(PoolNames.privateTopology(queue, names.events(), Heartbeat.KEY)));
    beats.broker.subscribe(queue, 100, beats::heard);
    return beats;
  }

  private void heard(Delivery delivery) {
    try {
      Heartbeat beat = Heartbeat.of(delivery.message());
      synchronized (this) {
        last.merge(beat.supervisor(), beat, DemoBeats::later);
        notifyAll();
      }
    } catch (WireFormatException e) {
      // an event of another kind
    } finally {
      delivery.ack();
    }
  }

  private static Heartbeat later(Heartbeat one, Heartbeat other) {
    return one.sequence() > other.sequence() ? one : other;
  }

  /** Process ids of the children in the workers' latest heartbeats. */
  synchronized List<Long> children() {
    return last.values().stream().flatMap(beat -> beat.children().stream()).toList();
  }

  /**
   * Asks all known workers for a heartbeat and waits for it; returns the number of children
   * recycled.
   */
  long recycled(Duration within) throws InterruptedException {
    Map<String, Heartbeat> before;
    synchronized (this) {
      before = Map.copyOf(last);
    }
    String id = "demo-" + UUID.randomUUID();
    var unused = broker.publish(new Route(names.control(), ""), new HelloMessage(id).toMessage());
    long end = TimeSource.SYSTEM.nanos() + within.toNanos();
    synchronized (this) {
      long left = within.toNanos();
      while (left > 0 && !allNewerThan(before)) {
        TimeUnit.NANOSECONDS.timedWait(this, left);
        left = end - TimeSource.SYSTEM.nanos();
      }
      return last.values().stream().mapToLong(Heartbeat::recycled).sum();
    }
  }

  private synchronized boolean allNewerThan(Map<String, Heartbeat> before) {
    return before.values().stream()
        .allMatch(old -> last.getOrDefault(old.supervisor(), old).sequence() > old.sequence());
  }

  @Override
  public void close() {
    broker.close();
  }
}

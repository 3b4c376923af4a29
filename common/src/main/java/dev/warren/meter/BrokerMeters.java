package dev.warren.meter;

import dev.warren.broker.Broker;
import dev.warren.broker.BrokerListener;
import dev.warren.broker.Route;
import dev.warren.meter.CommonMeters.PublishResult;
import dev.warren.meter.CommonMeters.Role;
import dev.warren.meter.CommonMeters.Sent;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts what one process does with its broker. Thread-safe. */
public final class BrokerMeters implements BrokerListener {
  private static final String RESULTS = "warren.results.";
  private static final String OWN = "warren.";

  private final Meters meters;
  private final String role;
  private final Counter reconnects;
  private final Map<Sent, EnumMap<PublishResult, Counter>> publishes = new EnumMap<>(Sent.class);
  // volatile: written by the broker's thread for events
  private volatile boolean blocked;

  public BrokerMeters(Meters meters, Role role) {
    this.meters = meters;
    this.role = Label.value(role);
    reconnects = meters.counter(CommonMeters.RECONNECTS, this.role);
    for (Sent what : Sent.values()) {
      EnumMap<PublishResult, Counter> results = new EnumMap<>(PublishResult.class);
      for (PublishResult result : PublishResult.values()) {
        results.put(
            result, meters.counter(CommonMeters.PUBLISHES, Label.value(what), Label.value(result)));
      }
      publishes.put(what, results);
    }
    meters.gauge(CommonMeters.BROKER_BLOCKED, () -> blocked ? 1 : 0, this.role);
    meters.gauge(CommonMeters.UNCONFIRMED, () -> 0, this.role);
  }

  /** Meters of a connection that nobody looks at. */
  public static BrokerMeters detached() {
    return new BrokerMeters(new Meters(), Role.POOL);
  }

  /** From now on shows the events of this broker. */
  public void watch(Broker broker) {
    broker.addListener(this);
    meters.gauge(CommonMeters.UNCONFIRMED, broker::unconfirmed, role);
  }

  /**
   * Counts a message that the broker has answered.
   *
   * @param receipt null if it was refused, or closed before the answer
   */
  public void published(Route route, Broker.@Nullable Receipt receipt) {
    PublishResult result =
        receipt == null
            ? PublishResult.FAILED
            : receipt == Broker.Receipt.CONFIRMED
                ? PublishResult.CONFIRMED
                : PublishResult.UNROUTABLE;
    EnumMap<PublishResult, Counter> results = publishes.get(content(route));
    Counter counter = results == null ? null : results.get(result);
    if (counter != null) {
      counter.increment();
    }
  }

  /** What a message with this route carries: its queue says so. */
  static Sent content(Route route) {
    if (!route.exchange().isEmpty()) {
      return Sent.CONTROL;
    }
    String queue = route.key();
    if (!queue.startsWith(OWN)) {
      return Sent.OUTCOME;
    }
    if (queue.endsWith(".tasks")) {
      return Sent.TASK;
    }
    if (queue.endsWith(".dead")) {
      return Sent.DEAD_LETTER;
    }
    if (queue.startsWith(RESULTS)) {
      return Sent.OUTCOME;
    }
    boolean control =
        queue.startsWith(OWN + "events.")
            || queue.contains(".control.")
            || queue.contains(".explain.");
    return control ? Sent.CONTROL : Sent.AGAIN;
  }

  @Override
  public void reconnected() {
    reconnects.increment();
    blocked = false; // a new connection is told again
  }

  @Override
  public void blocked(String reason) {
    blocked = true;
  }

  @Override
  public void unblocked() {
    blocked = false;
  }
}

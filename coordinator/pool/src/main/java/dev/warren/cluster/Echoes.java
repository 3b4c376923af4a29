package dev.warren.cluster;

import dev.warren.broker.Broker;
import dev.warren.broker.Route;
import dev.warren.task.Payload;
import dev.warren.wire.Message;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Messages that an owner sends to its own events queue to see whether they return. An echo that has
 * returned proves that the broker reads from publishers, and that all events queued before it have
 * arrived, including any that waited behind results on a slow line. Thread-safe.
 */
public final class Echoes {
  /** Message type of an echo. */
  public static final String TYPE = "warren.echo";

  private final Broker broker;
  private final String queue;
  private final Map<String, Echo> out = new ConcurrentHashMap<>();
  private final AtomicLong number = new AtomicLong();

  /**
   * Creates an instance with no echo in flight.
   *
   * @param queue the owner's events queue
   */
  Echoes(Broker broker, String queue) {
    this.broker = broker;
    this.queue = queue;
  }

  /** Sends an echo. */
  Echo send(long now) {
    String id = queue + ".echo." + number.incrementAndGet();
    Echo echo = new Echo(now);
    out.put(id, echo);
    var unused =
        broker
            .publish(
                Route.toQueue(queue), new Message(id, TYPE, null, null, 4, Map.of(), Payload.EMPTY))
            .whenComplete(
                (receipt, failure) -> {
                  if (receipt != Broker.Receipt.CONFIRMED && out.remove(id) != null) {
                    echo.state = State.LOST;
                  }
                });
    return echo;
  }

  /** Stops tracking an echo. */
  void forget(Echo echo) {
    out.values().remove(echo);
  }

  /** Handles a returned echo from the events queue. */
  void came(Message message) {
    Echo echo = out.remove(message.id());
    if (echo != null) {
      echo.state = State.BACK;
    }
  }

  /** The state of an echo. */
  enum State {
    OUT,
    BACK,
    /** It reached no queue, so it proves nothing. */
    LOST
  }

  /** One echo. Thread-safe. */
  static final class Echo {
    private final long sentNanos;
    // volatile: written once, by the delivering or the confirming thread
    private volatile State state = State.OUT;

    private Echo(long sentNanos) {
      this.sentNanos = sentNanos;
    }

    State state() {
      return state;
    }

    boolean isOut() {
      return state == State.OUT;
    }

    long sentNanos() {
      return sentNanos;
    }
  }
}

package dev.warren.pool.engine;

import dev.warren.broker.Broker;
import dev.warren.broker.Route;
import dev.warren.task.Payload;
import dev.warren.wire.Message;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Messages that an owner sends to its own events queue, to see whether they come back. One that is
 * back shows that the broker reads what is published, and that all events which were in the queue
 * before it have come, too: those that waited behind results on a slow line, say. Thread-safe.
 */
final class Echoes {
  /** How its messages are marked. */
  static final String TYPE = "warren.echo";

  private final Broker broker;
  private final String queue;
  private final Map<String, Echo> out = new ConcurrentHashMap<>();
  private final AtomicLong number = new AtomicLong();

  /**
   * Sends none yet.
   *
   * @param queue the owner's events queue
   */
  Echoes(Broker broker, String queue) {
    this.broker = broker;
    this.queue = queue;
  }

  /** Sends one. */
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

  /** Nobody waits for it any more. */
  void forget(Echo echo) {
    out.values().remove(echo);
  }

  /** A message of this type has come from the events queue. */
  void came(Message message) {
    Echo echo = out.remove(message.id());
    if (echo != null) {
      echo.state = State.BACK;
    }
  }

  /** What has become of an echo. */
  enum State {
    OUT,
    BACK,
    /** It reached no queue, so it says nothing. */
    LOST
  }

  /** One message. Thread-safe. */
  static final class Echo {
    private final long sentNanos;
    // volatile: written once, by the thread that delivers or the one that confirms
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

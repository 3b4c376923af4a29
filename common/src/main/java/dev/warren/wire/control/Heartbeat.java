package dev.warren.wire.control;

import dev.warren.json.Json;
import dev.warren.wire.Message;
import dev.warren.wire.WireFormatException;
import java.util.List;

/**
 * A supervisor's periodic state, published on the pool's events exchange. Owners learn from it
 * which supervisors are alive, how many slots there are, and which tasks are held. Immutable.
 *
 * @param supervisor its id, unique per start
 * @param host host name
 * @param pid its process id
 * @param sequence counts up from 1
 * @param slots number of calls it can run at once; 0 while it drains
 * @param busy number of slots that are running a call
 * @param held message ids of its unsettled deliveries, at most {@link ControlLimits#IDS}
 * @param leaving true in its last heartbeat
 * @param intervalMillis maximum time until its next heartbeat; 0 if unknown
 * @param truncated whether it holds more deliveries than {@code held} lists
 * @param recycled number of children recycled since it started
 * @param children process ids of its children, at most {@link #MAX_CHILDREN}
 * @param roundTripMicros its round trip to the broker; 0 if unknown
 */
public record Heartbeat(
    String supervisor,
    String host,
    long pid,
    long sequence,
    int slots,
    int busy,
    List<String> held,
    boolean leaving,
    long intervalMillis,
    boolean truncated,
    long recycled,
    List<Long> children,
    long roundTripMicros) {
  public static final String TYPE = "warren.heartbeat";

  /** Maximum number of process ids in one heartbeat. */
  public static final int MAX_CHILDREN = 1000;

  /** Maximum round trip, in microseconds: one minute. */
  public static final long LONGEST_ROUND_TRIP = 60_000_000;

  /** Routing key on the events exchange. */
  public static final String KEY = "worker.heartbeat";

  public Heartbeat {
    held = held == null ? List.of() : List.copyOf(held);
    children = children == null ? List.of() : List.copyOf(children);
  }

  public Message toMessage() {
    return ControlBody.message(supervisor + "." + sequence, TYPE, null, Json.write(this));
  }

  /**
   * Parses an event message.
   *
   * @throws WireFormatException if it is not of this type
   */
  public static Heartbeat of(Message message) {
    return ControlBody.read(message, "heartbeat", Heartbeat.class, Heartbeat::check);
  }

  private void check() {
    ControlLimits.name("supervisor", supervisor);
    ControlLimits.name("host", host);
    ControlLimits.number("pid", pid, 0, Integer.MAX_VALUE);
    ControlLimits.number("sequence", sequence, 0, Long.MAX_VALUE);
    ControlLimits.number("slots", slots, 0, ControlLimits.SLOTS);
    ControlLimits.number("busy", busy, 0, ControlLimits.SLOTS);
    ControlLimits.number("intervalMillis", intervalMillis, 0, ControlLimits.INTERVAL_MS);
    ControlLimits.ids("held", held);
    ControlLimits.number("children", children.size(), 0, MAX_CHILDREN);
    ControlLimits.number("roundTripMicros", roundTripMicros, 0, LONGEST_ROUND_TRIP);
    ControlLimits.number("recycled", recycled, 0, Long.MAX_VALUE);
  }
}

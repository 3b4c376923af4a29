package dev.warren.wire;

import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;

/**
 * A supervisor's periodic state, published on the pool's events exchange: owners learn from it
 * which supervisors live, how many slots there are, and which tasks are held. Immutable.
 *
 * @param supervisor its id, unique per start
 * @param host host name
 * @param pid its process id
 * @param sequence counts up from 1
 * @param slots how many calls it can run at once; 0 once it drains
 * @param busy slots that are running a call
 * @param held message ids of the deliveries it has not settled, at most {@link #MOST_HELD}
 * @param leaving true in the last one it sends
 * @param intervalMillis time to its next one, at the latest; 0 where it does not say
 * @param truncated whether it holds more than {@code held} names
 * @param recycled children replaced by plan since it began
 * @param children process ids of its children; empty where it does not say
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
    List<Long> children) {
  public static final String TYPE = "warren.heartbeat";

  /** Message ids in one heartbeat. */
  public static final int MOST_HELD = 2000;

  /** Routing key on the events exchange. */
  public static final String KEY = "worker.heartbeat";

  public Heartbeat {
    held = List.copyOf(held);
    children = children == null ? List.of() : List.copyOf(children);
  }

  public Message toMessage() {
    return new Message(
        supervisor + "." + sequence,
        TYPE,
        null,
        null,
        4,
        Map.of(Headers.WARREN_VERSION, Headers.VERSION),
        Json.write(this));
  }

  /**
   * Reads an event message.
   *
   * @throws WireFormatException where it is not of this type
   */
  public static Heartbeat of(Message message) {
    new Headers(message.headers()).checkVersion();
    try {
      return Json.read(message.body(), Heartbeat.class);
    } catch (JacksonException e) {
      throw new WireFormatException("heartbeat: " + e.getMessage(), e);
    }
  }
}

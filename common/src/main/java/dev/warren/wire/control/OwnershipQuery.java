package dev.warren.wire.control;

import dev.warren.json.Json;
import dev.warren.wire.Headers;
import dev.warren.wire.Message;
import dev.warren.wire.WireFormatException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * What the workers of a pool tell one another, on its control exchange, about redelivered tasks:
 * the first delivery may be held by a live worker that lost only its connection. Immutable.
 *
 * @param supervisor the sender
 * @param sequence counts up from 1 during the sender's lifetime
 * @param asked message ids of redelivered tasks whose holder the sender asks for
 * @param held tasks that the sender runs although the broker took their delivery back
 * @param settled tasks that the sender has settled: the broker has their outcomes
 */
public record OwnershipQuery(
    String supervisor, long sequence, List<String> asked, List<String> held, List<String> settled) {
  public static final String TYPE = "warren.holders";

  public OwnershipQuery {
    asked = listed(asked);
    held = listed(held);
    settled = listed(settled);
  }

  private static List<String> listed(@Nullable List<String> ids) {
    return ids == null ? List.of() : List.copyOf(ids);
  }

  public Message toMessage() {
    return new Message(
        supervisor + ".h" + sequence,
        TYPE,
        null,
        null,
        4,
        Map.of(Headers.WARREN_VERSION, Headers.VERSION),
        Json.write(this));
  }

  /**
   * Parses a control message of this type.
   *
   * @throws WireFormatException if its version or its body is wrong
   */
  public static OwnershipQuery of(Message message) {
    new Headers(message.headers()).checkVersion();
    ControlLimits.checkBody(message);
    try {
      OwnershipQuery holders = Json.read(message.body(), OwnershipQuery.class);
      if (holders == null) {
        throw new WireFormatException("holders: the body is null");
      }
      ControlLimits.name("supervisor", holders.supervisor());
      ControlLimits.ids("asked", holders.asked());
      ControlLimits.ids("held", holders.held());
      ControlLimits.ids("settled", holders.settled());
      return holders;
    } catch (JacksonException | NullPointerException e) {
      throw new WireFormatException("holders: " + e.getMessage(), e);
    }
  }
}

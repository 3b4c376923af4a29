package dev.warren.wire.control;

import dev.warren.json.Json;
import dev.warren.wire.Message;
import dev.warren.wire.WireFormatException;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
    return ControlBody.message(supervisor + ".h" + sequence, TYPE, null, Json.write(this));
  }

  /**
   * Parses a control message of this type.
   *
   * @throws WireFormatException if its version or its body is wrong
   */
  public static OwnershipQuery of(Message message) {
    return ControlBody.read(message, "holders", OwnershipQuery.class, OwnershipQuery::check);
  }

  private void check() {
    ControlLimits.name("supervisor", supervisor);
    ControlLimits.ids("asked", asked);
    ControlLimits.ids("held", held);
    ControlLimits.ids("settled", settled);
  }
}

package dev.warren.wire.control;

import dev.warren.task.Payload;
import dev.warren.wire.Headers;
import dev.warren.wire.Message;
import java.util.Map;

/**
 * Asks all workers of a pool for an immediate heartbeat, so that a new owner does not have to wait
 * for the periodic ones. Immutable.
 *
 * @param id message id
 */
public record HelloMessage(String id) {
  public static final String TYPE = "warren.hello";

  public Message toMessage() {
    return new Message(
        id, TYPE, null, null, 4, Map.of(Headers.WARREN_VERSION, Headers.VERSION), Payload.EMPTY);
  }
}

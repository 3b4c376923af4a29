package dev.warren.wire.control;

import dev.warren.json.Json;
import dev.warren.wire.Headers;
import dev.warren.wire.Message;
import dev.warren.wire.WireFormatException;
import java.util.Map;
import tools.jackson.core.JacksonException;

/**
 * Asks one worker to drain, as SIGTERM does: it hands back what it has not started, lets running
 * calls end within its grace period, and ends. Other workers ignore it. Immutable.
 *
 * @param id message id
 * @param supervisor the worker's id
 */
public record DrainMessage(String id, String supervisor) {
  public static final String TYPE = "warren.drain";

  private record Body(String supervisor) {}

  public Message toMessage() {
    return new Message(
        id,
        TYPE,
        null,
        null,
        4,
        Map.of(Headers.WARREN_VERSION, Headers.VERSION),
        Json.write(new Body(supervisor)));
  }

  /**
   * Parses a control message.
   *
   * @throws WireFormatException if it is not of this type
   */
  public static DrainMessage of(Message message) {
    new Headers(message.headers()).checkVersion();
    ControlLimits.checkBody(message);
    try {
      Body body = Json.read(message.body(), Body.class);
      if (body == null) {
        throw new WireFormatException("drain message: the body is null");
      }
      return new DrainMessage(message.id(), ControlLimits.name("supervisor", body.supervisor));
    } catch (JacksonException e) {
      throw new WireFormatException("drain message: " + e.getMessage(), e);
    }
  }
}

package dev.warren.wire.control;

import dev.warren.json.Json;
import dev.warren.wire.Message;
import dev.warren.wire.WireFormatException;

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
    return ControlBody.message(id, TYPE, null, Json.write(new Body(supervisor)));
  }

  /**
   * Parses a control message.
   *
   * @throws WireFormatException if it is not of this type
   */
  public static DrainMessage of(Message message) {
    Body body =
        ControlBody.read(
            message,
            "drain message",
            Body.class,
            read -> ControlLimits.name("supervisor", read.supervisor));
    return new DrainMessage(message.id(), body.supervisor);
  }
}

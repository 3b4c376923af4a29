package dev.warren.wire.control;

import dev.warren.task.Payload;
import dev.warren.wire.Headers;
import dev.warren.wire.Message;
import dev.warren.wire.WireFormatException;
import java.util.Map;

/**
 * An owner's clock, sent to workers that may run its expiring calls, so that they know the offset
 * to their own clock. Immutable.
 *
 * @param id message id
 * @param owner the owner's results queue
 * @param sentAtMillis the owner's clock when it sent this message
 */
public record ClockMessage(String id, String owner, long sentAtMillis) {
  public static final String TYPE = "warren.clock";

  public Message toMessage() {
    return new Message(
        id,
        TYPE,
        null,
        null,
        4,
        Map.of(
            Headers.WARREN_VERSION,
            Headers.VERSION,
            Headers.OWNER,
            owner,
            Headers.SENT_AT_MS,
            sentAtMillis),
        Payload.EMPTY);
  }

  /**
   * Parses a control message.
   *
   * @throws WireFormatException if it is not of this type
   */
  public static ClockMessage of(Message message) {
    Headers headers = new Headers(message.headers());
    headers.checkVersion();
    return new ClockMessage(
        message.id(),
        ControlLimits.name("header " + Headers.OWNER, headers.text(Headers.OWNER)),
        headers.number(Headers.SENT_AT_MS, 0, 1, Long.MAX_VALUE));
  }
}

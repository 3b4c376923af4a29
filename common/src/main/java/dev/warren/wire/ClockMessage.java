package dev.warren.wire;

import dev.warren.task.Payload;
import java.util.Map;

/**
 * What an owner's clock shows, for workers that may run calls of its that expire: how far it is
 * from their own. Immutable.
 *
 * @param id message id
 * @param owner the owner's results queue
 * @param sentAtMillis what its clock showed when it sent this
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
   * Reads a control message.
   *
   * @throws WireFormatException where it is not of this type
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

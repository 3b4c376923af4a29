package dev.warren.wire.control;

import dev.warren.json.Json;
import dev.warren.wire.Message;
import dev.warren.wire.WireFormatException;

/**
 * Somebody watches the pool: asks all workers for a {@link StateReport} at once, and for further
 * ones every {@link StateReport#WATCHED_MS} for some time. Repeat it while watching. Immutable.
 *
 * @param id message id
 * @param seconds how long, 1 to {@link #MAX_SECONDS}
 */
public record WatchMessage(String id, int seconds) {
  public static final String TYPE = "warren.watch";

  /** Maximum time that one message asks for, in seconds. */
  public static final int MAX_SECONDS = 60;

  private record Body(int seconds) {}

  public Message toMessage() {
    return ControlBody.message(id, TYPE, null, Json.write(new Body(seconds)));
  }

  /**
   * Parses a control message.
   *
   * @throws WireFormatException if it is not of this type
   */
  public static WatchMessage of(Message message) {
    Body body =
        ControlBody.read(
            message,
            "watch message",
            Body.class,
            read -> ControlLimits.number("seconds", read.seconds, 1, MAX_SECONDS));
    return new WatchMessage(message.id(), body.seconds);
  }
}

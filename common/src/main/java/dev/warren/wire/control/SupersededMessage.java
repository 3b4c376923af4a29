package dev.warren.wire.control;

import dev.warren.task.Payload;
import dev.warren.wire.CallRanges;
import dev.warren.wire.Headers;
import dev.warren.wire.Message;
import dev.warren.wire.WireFormatException;
import java.util.HashMap;
import java.util.Map;

/**
 * Tells an owner that some of its calls were held by a lost host and will be run again. From now
 * on, failures of these calls that carry a lower loss count are stale and must be ignored.
 * Immutable.
 *
 * @param id message id
 * @param calls numbers of the calls
 * @param hostLosses loss count of the new attempt, 1 or more
 */
public record SupersededMessage(String id, CallRanges calls, int hostLosses) {
  public static final String TYPE = "warren.moved";

  public Message toMessage() {
    Map<String, Object> headers = new HashMap<>();
    headers.put(Headers.WARREN_VERSION, Headers.VERSION);
    headers.put(Headers.CALLS, calls.toString());
    headers.put(Headers.HOST_LOSSES, hostLosses);
    return new Message(id, TYPE, null, null, 4, headers, Payload.EMPTY);
  }

  /** Whether a message from a results queue is of this type. */
  public static boolean is(Message message) {
    return TYPE.equals(message.type());
  }

  /**
   * Parses a message of this type.
   *
   * @throws WireFormatException naming the problem
   */
  public static SupersededMessage of(Message message) {
    Headers headers = new Headers(message.headers());
    headers.checkVersion();
    return new SupersededMessage(
        message.id(),
        CallRanges.parse(headers.requiredText(Headers.CALLS)),
        (int) headers.number(Headers.HOST_LOSSES, 1, 1, 1_000_000));
  }

  /** Reads the host loss count that the calls of a result message carried. */
  public static int lossesOf(Message result) {
    return (int) new Headers(result.headers()).number(Headers.HOST_LOSSES, 0, 0, 1_000_000);
  }
}

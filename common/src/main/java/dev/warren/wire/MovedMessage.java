package dev.warren.wire;

import dev.warren.task.Payload;
import java.util.HashMap;
import java.util.Map;

/**
 * Tells an owner that calls of its own were taken from a lost host and are to be run again: from
 * now on a failure that a worker reports with fewer losses is the word of the dead. Immutable.
 *
 * @param id message id
 * @param calls numbers of the calls
 * @param hostLosses losses that the new attempt carries, 1 or more
 */
public record MovedMessage(String id, CallRanges calls, int hostLosses) {
  public static final String TYPE = "warren.moved";

  public Message toMessage() {
    Map<String, Object> headers = new HashMap<>();
    headers.put(Headers.WARREN_VERSION, Headers.VERSION);
    headers.put(Headers.CALLS, calls.toString());
    headers.put(Headers.HOST_LOSSES, hostLosses);
    return new Message(id, TYPE, null, null, 4, headers, Payload.EMPTY);
  }

  /** Whether this message of a results queue is one. */
  public static boolean is(Message message) {
    return TYPE.equals(message.type());
  }

  /**
   * Reads a message of this type.
   *
   * @throws WireFormatException naming what is wrong
   */
  public static MovedMessage of(Message message) {
    Headers headers = new Headers(message.headers());
    headers.checkVersion();
    return new MovedMessage(
        message.id(),
        CallRanges.parse(headers.requiredText(Headers.CALLS)),
        (int) headers.number(Headers.HOST_LOSSES, 1, 1, 1_000_000));
  }

  /** How many losses of a host the calls of a result message had behind them. */
  public static int lossesOf(Message result) {
    return (int) new Headers(result.headers()).number(Headers.HOST_LOSSES, 0, 0, 1_000_000);
  }
}

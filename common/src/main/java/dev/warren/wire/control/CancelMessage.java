package dev.warren.wire.control;

import dev.warren.task.Payload;
import dev.warren.wire.CallRanges;
import dev.warren.wire.Headers;
import dev.warren.wire.Message;
import dev.warren.wire.WireFormatException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An owner's request to all supervisors of a pool: do not start these calls and, if they are
 * running, stop them. Immutable.
 *
 * @param id message id
 * @param owner the owner's results queue
 * @param calls the calls; null for all of this owner's calls, for good (its pool was terminated)
 * @param graceMillis time between interrupting a running call and killing its child; {@link
 *     #LEAVE_RUNNING} to let running calls finish
 */
public record CancelMessage(String id, String owner, @Nullable CallRanges calls, long graceMillis) {
  public static final String TYPE = "warren.cancel";

  /** Instead of a grace period: cancels only calls that no child has started. */
  public static final long LEAVE_RUNNING = -1;

  private static final String GRACE_MS = "warren-grace-ms";

  public Message toMessage() {
    Map<String, Object> headers = new HashMap<>();
    headers.put(Headers.WARREN_VERSION, Headers.VERSION);
    headers.put(Headers.OWNER, owner);
    headers.put(GRACE_MS, graceMillis);
    // there may be many calls, so they travel in the body, not in a header
    Payload body = calls == null ? Payload.EMPTY : Payload.of(calls.toString());
    return new Message(id, TYPE, null, null, 4, headers, body);
  }

  /**
   * Parses a control message.
   *
   * @throws WireFormatException if it is not of this type
   */
  public static CancelMessage of(Message message) {
    Headers headers = new Headers(message.headers());
    headers.checkVersion();
    if (!TYPE.equals(message.type())) {
      throw new WireFormatException("unknown control message '" + message.type() + "'");
    }
    ControlLimits.checkBody(message);
    CallRanges calls =
        message.body().length() == 0 ? null : CallRanges.parse(message.body().text());
    if (calls != null) {
      ControlLimits.number("number of ranges", calls.ranges(), 1, ControlLimits.RANGES);
    }
    return new CancelMessage(
        message.id(),
        ControlLimits.name("header " + Headers.OWNER, headers.text(Headers.OWNER)),
        calls,
        headers.number(GRACE_MS, 0, LEAVE_RUNNING, 3_600_000));
  }
}

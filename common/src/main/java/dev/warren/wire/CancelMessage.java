package dev.warren.wire;

import dev.warren.task.Payload;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An owner's wish, sent to all supervisors of a pool, that calls of its own not be started and, if
 * running, be stopped. Immutable.
 *
 * @param id message id
 * @param owner the owner's results queue
 * @param calls which calls; null for all of that owner, for good (its pool was terminated)
 * @param graceMillis time between interrupting a running call and killing its child; {@link
 *     #LEAVE_RUNNING} to let running calls go on
 */
public record CancelMessage(String id, String owner, @Nullable CallRanges calls, long graceMillis) {
  public static final String TYPE = "warren.cancel";

  /** In place of a grace: only calls that no child has yet are cancelled. */
  public static final long LEAVE_RUNNING = -1;

  private static final String GRACE_MS = "warren-grace-ms";

  public Message toMessage() {
    Map<String, Object> headers = new HashMap<>();
    headers.put(Headers.WARREN_VERSION, Headers.VERSION);
    headers.put(Headers.OWNER, owner);
    headers.put(GRACE_MS, graceMillis);
    // the calls may be many: they travel in the body, not in a header
    Payload body = calls == null ? Payload.EMPTY : Payload.of(calls.toString());
    return new Message(id, TYPE, null, null, 4, headers, body);
  }

  /**
   * Reads a control message.
   *
   * @throws WireFormatException where it is not of this type
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

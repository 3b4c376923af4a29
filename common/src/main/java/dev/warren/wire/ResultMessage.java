package dev.warren.wire;

import dev.warren.json.Lines;
import dev.warren.task.Payload;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Outcomes on their way to the owner of the calls: one line per call, in the order of {@code calls}
 * (see {@link OutcomeLine}). Immutable.
 *
 * @param id message id
 * @param owner the owner's results queue
 * @param correlationId that of a foreign producer's task; otherwise null
 * @param calls numbers of the calls
 * @param outcomes one line per call
 * @param busyMicros total time that children spent in these calls
 * @param supervisor the sender
 */
public record ResultMessage(
    String id,
    String owner,
    @Nullable String correlationId,
    CallRanges calls,
    Lines outcomes,
    long busyMicros,
    String supervisor) {
  public static final String TYPE = "warren.result";

  public ResultMessage {
    if (calls.count() != outcomes.count()) {
      throw new WireFormatException(
          "header "
              + Headers.CALLS
              + " names "
              + calls.count()
              + " calls, the body has "
              + outcomes.count());
    }
  }

  public Message toMessage() {
    Map<String, Object> headers = new LinkedHashMap<>();
    headers.put(Headers.WARREN_VERSION, Headers.VERSION);
    headers.put(Headers.CALLS, calls.toString());
    headers.put(Headers.BUSY_MICROS, busyMicros);
    headers.put(Headers.SUPERVISOR, supervisor);
    Payload body = outcomes.run(0, outcomes.count());
    return new Message(id, TYPE, null, correlationId, 4, headers, body);
  }

  /**
   * Reads only the call numbers of a message, whose other parts may be wrong.
   *
   * @throws WireFormatException if it has none
   */
  public static CallRanges callsOf(Message message) {
    Headers headers = new Headers(message.headers());
    headers.checkVersion();
    return CallRanges.parse(headers.requiredText(Headers.CALLS));
  }

  /**
   * Parses a message from a results queue.
   *
   * @param owner the queue it came from
   * @throws WireFormatException naming the problem
   */
  public static ResultMessage of(String owner, Message message) {
    Headers headers = new Headers(message.headers());
    headers.checkVersion();
    String supervisor = headers.text(Headers.SUPERVISOR);
    CallRanges calls = CallRanges.parse(headers.requiredText(Headers.CALLS));
    return new ResultMessage(
        message.id(),
        owner,
        message.correlationId(),
        calls,
        Lines.split(message.body(), calls.count()),
        headers.number(Headers.BUSY_MICROS, 0, 0, Long.MAX_VALUE),
        supervisor == null ? "" : supervisor);
  }
}

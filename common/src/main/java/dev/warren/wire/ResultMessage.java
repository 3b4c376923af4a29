package dev.warren.wire;

import dev.warren.task.Payload;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Outcomes on their way to the owner of the calls: one line per call, in the order of {@code calls}
 * (see {@link OutcomeLine}). Immutable.
 *
 * @param id message id
 * @param owner the queue it goes to
 * @param correlationId of the task, for foreign producers; else null
 * @param calls numbers of the calls
 * @param outcomes one line per call
 * @param busyMicros time that children spent inside these calls, all together
 * @param supervisor who sends it
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
   * The calls that a message's header names, whatever else is wrong with it.
   *
   * @throws WireFormatException where it names none
   */
  public static CallRanges callsOf(Message message) {
    Headers headers = new Headers(message.headers());
    headers.checkVersion();
    return CallRanges.parse(headers.requiredText(Headers.CALLS));
  }

  /**
   * Reads a message from a results queue.
   *
   * @param owner the queue it came from
   * @throws WireFormatException naming what is wrong
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

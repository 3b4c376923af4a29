package dev.warren.wire;

import dev.warren.json.Lines;
import dev.warren.task.Payload;
import dev.warren.wire.child.ChildStates;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Converts result messages to broker messages and back. Each program makes one, where it starts,
 * and passes it to all parts that send or receive outcomes. Thread-safe.
 */
public final class ResultCodec {
  /** Returns the message that carries outcomes. */
  public Message write(ResultMessage result) {
    Lines outcomes = result.outcomes();
    Map<String, Object> headers = new LinkedHashMap<>();
    headers.put(Headers.WARREN_VERSION, Headers.VERSION);
    headers.put(Headers.CALLS, result.calls().toString());
    headers.put(Headers.BUSY_MICROS, result.busyMicros());
    headers.put(Headers.SUPERVISOR, result.supervisor());
    if (!result.children().isUnknown()) {
      headers.put(Headers.CHILD_STATES, result.children().toString());
    }
    Payload body = outcomes.run(0, outcomes.count());
    return new Message(
        result.id(), ResultMessage.TYPE, null, result.correlationId(), 4, headers, body);
  }

  /**
   * Parses a message from a results queue.
   *
   * @param owner the queue it came from
   * @throws WireFormatException naming the problem
   */
  public ResultMessage read(String owner, Message message) {
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
        supervisor == null ? "" : supervisor,
        ChildStates.parse(message.headers().get(Headers.CHILD_STATES), calls.count()));
  }

  /**
   * Reads only the call numbers of a message, whose other parts may be wrong.
   *
   * @throws WireFormatException if it has none
   */
  public CallRanges readCalls(Message message) {
    Headers headers = new Headers(message.headers());
    headers.checkVersion();
    return CallRanges.parse(headers.requiredText(Headers.CALLS));
  }
}

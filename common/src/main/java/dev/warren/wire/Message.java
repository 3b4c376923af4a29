package dev.warren.wire;

import dev.warren.task.Payload;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One message as a broker carries it. Immutable; the body is not copied.
 *
 * @param id message id, unique
 * @param type what it is: {@code warren.task}, {@code warren.result} …; null from a producer that
 *     says nothing
 * @param replyTo queue for the outcomes; null where nobody waits for them
 * @param correlationId given back unchanged with the outcomes of a foreign producer's task
 * @param priority 0 to 31
 * @param headers values of the types AMQP tables know: String, Integer, Long, Boolean
 */
public record Message(
    String id,
    @Nullable String type,
    @Nullable String replyTo,
    @Nullable String correlationId,
    int priority,
    Map<String, Object> headers,
    Payload body) {

  public Message {
    headers = Map.copyOf(headers);
  }

  /** The same message with one more header. */
  public Message with(String header, Object value) {
    Map<String, Object> more = new HashMap<>(headers);
    more.put(header, value);
    return new Message(id, type, replyTo, correlationId, priority, more, body);
  }
}

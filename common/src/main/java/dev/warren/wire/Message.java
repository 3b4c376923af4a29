package dev.warren.wire;

import dev.warren.task.Payload;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A broker message. Immutable; the body is not copied.
 *
 * @param id message id, unique
 * @param type {@code warren.task}, {@code warren.result} …; null if the producer gave none
 * @param replyTo queue for the outcomes; null if nobody waits for them
 * @param correlationId returned unchanged with the outcomes of a foreign producer's task
 * @param priority 0 to 31
 * @param headers values of AMQP table types: String, Integer, Long, Boolean
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

  /** Returns a copy with another header added. */
  public Message with(String header, Object value) {
    Map<String, Object> more = new HashMap<>(headers);
    more.put(header, value);
    return new Message(id, type, replyTo, correlationId, priority, more, body);
  }
}

package dev.warren.broker;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.LongString;
import dev.warren.task.Payload;
import dev.warren.wire.Message;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Warren's messages to AMQP's properties and back. */
final class AmqpMessages {
  private static final String CONTENT_TYPE = "application/x-ndjson";
  private static final String APP_ID = "warren";
  private static final int PERSISTENT = 2;
  private static final int SHORT_STRING = 255;

  private AmqpMessages() {}

  /** The properties of a message to publish. */
  static BasicProperties properties(Message message) {
    return new BasicProperties.Builder()
        .messageId(message.id())
        .type(message.type())
        .replyTo(message.replyTo())
        .correlationId(message.correlationId())
        .priority(message.priority())
        .headers(message.headers())
        .deliveryMode(PERSISTENT)
        .contentType(CONTENT_TYPE)
        .appId(APP_ID)
        .build();
  }

  /** What of the message AMQP cannot carry; null if it can. */
  static @Nullable String defect(Route route, Message message) {
    if (tooLong(message.id())) {
      return "message id is longer than 255 bytes";
    }
    if (tooLong(message.type()) || tooLong(message.replyTo()) || tooLong(message.correlationId())) {
      return "type, reply queue or correlation id of message "
          + message.id()
          + " is longer than 255 bytes";
    }
    if (tooLong(route.exchange()) || tooLong(route.key())) {
      return "the name of the exchange or queue for message "
          + message.id()
          + " is longer than 255 bytes";
    }
    return null;
  }

  private static boolean tooLong(@Nullable String text) {
    return text != null
        && text.length() > SHORT_STRING / 4
        && text.getBytes(StandardCharsets.UTF_8).length > SHORT_STRING;
  }

  /** A message as it arrived. */
  static Message message(BasicProperties properties, byte[] body) {
    Map<String, Object> headers = headers(properties.getHeaders());
    String id = sendable(properties.getMessageId());
    String replyTo = sendable(properties.getReplyTo());
    Integer priority = properties.getPriority();
    return new Message(
        id == null || id.isEmpty() ? digest(headers, body) : id,
        sendable(properties.getType()),
        replyTo == null || replyTo.isEmpty() ? null : replyTo,
        sendable(properties.getCorrelationId()),
        priority == null ? 4 : Math.max(0, Math.min(31, priority)),
        headers,
        Payload.of(body));
  }

  /** Bytes that were no UTF-8 have grown: what can never be sent again counts as missing. */
  private static @Nullable String sendable(@Nullable String text) {
    return tooLong(text) ? null : text;
  }

  private static Map<String, Object> headers(@Nullable Map<String, Object> table) {
    if (table == null || table.isEmpty()) {
      return Map.of();
    }
    Map<String, Object> headers = new HashMap<>(table.size() * 2);
    table.forEach(
        (name, value) -> {
          if (value != null && !tooLong(name)) {
            headers.put(name, plain(value));
          }
        });
    return headers;
  }

  private static Object plain(Object value) {
    if (value instanceof LongString) {
      return value.toString();
    }
    boolean number = !(value instanceof Double real) || Double.isFinite(real);
    if (!number || (value instanceof Float real && !Float.isFinite(real))) {
      return value.toString(); // RabbitMQ closes a connection that sends it such a number
    }
    if (value instanceof List<?> list) {
      List<Object> plain = new ArrayList<>();
      list.forEach(item -> plain.add(item == null ? "" : plain(item)));
      return plain;
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> plain = new TreeMap<>();
      map.forEach((k, v) -> plain.put(String.valueOf(k), v == null ? "" : plain(v)));
      return plain;
    }
    return value;
  }

  /**
   * An id for the message of a producer that gave none: the same whenever it is delivered again.
   * Headers that the broker adds do not count.
   */
  private static String digest(Map<String, Object> headers, byte[] body) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(body);
      new TreeMap<>(headers)
          .forEach(
              (name, value) -> {
                if (!name.startsWith("x-")) {
                  digest.update((name + "=" + value + "\n").getBytes(StandardCharsets.UTF_8));
                }
              });
      return "foreign-" + HexFormat.of().formatHex(digest.digest(), 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  static ByteBuffer body(Message message) {
    return message.body().toBuffer();
  }
}

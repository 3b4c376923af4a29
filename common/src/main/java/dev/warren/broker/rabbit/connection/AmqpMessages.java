package dev.warren.broker.rabbit.connection;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.LongString;
import dev.warren.broker.Route;
import dev.warren.task.Payload;
import dev.warren.wire.Message;
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

/** Converts Warren's messages to AMQP properties and back. Stateless. */
public final class AmqpMessages {
  private static final String CONTENT_TYPE = "application/x-ndjson";
  private static final String APP_ID = "warren";
  private static final int PERSISTENT = 2;
  private static final int SHORT_STRING = 255;

  private AmqpMessages() {}

  public static BasicProperties properties(Message message) {
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

  /** Describes the part of the message that AMQP cannot carry; null if it can be sent. */
  public static @Nullable String defect(Route route, Message message) {
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

  /** Converts a received message. */
  public static Message message(BasicProperties properties, byte[] body) {
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

  /**
   * Returns null for text longer than AMQP's 255 bytes. Decoding bytes that are not UTF-8 makes
   * them longer, and such a value could never be sent again, so it counts as missing.
   */
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
      return value.toString(); // RabbitMQ closes the connection over NaN and infinities
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
   * Computes an id for a message whose producer gave none. It is the same at every redelivery,
   * because headers added by the broker ({@code x-…}) are left out.
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

  public static byte[] body(Message message) {
    return message.body().toBytes();
  }
}

package dev.warren.testkit;

import com.rabbitmq.client.AMQP.BasicProperties;
import dev.warren.task.Payload;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Messages designed to break any consumer of Warren's queues: every type of AMQP field, headers
 * nested too deeply, too many or too large, wrong values of each header and type of Warren,
 * properties out of range, and bodies that are not lines of JSON. The same seed yields the same
 * messages. Confined to one thread.
 */
public final class HostileMessages {
  private static final String NO_CALL = "123456789012";

  private static final String[] TYPES = {
    "warren.task", "warren.result", "warren.moved", "warren.cancel", "warren.holders",
    "warren.hello", "warren.heartbeat", "warren.unheard-of", "", "order.created"
  };

  private static final String[] HEADERS = {
    "warren-version",
    "warren-fn",
    "warren-fn-digest",
    "warren-calls",
    "warren-job",
    "warren-settings",
    "warren-captured",
    "warren-attempt",
    "warren-max-attempts",
    "warren-backoff-initial-ms",
    "warren-backoff-max-ms",
    "warren-backoff-factor-percent",
    "warren-backoff-jitter-percent",
    "warren-retry-on",
    "warren-child-losses",
    "warren-max-child-losses",
    "warren-host-losses",
    "warren-max-host-losses",
    "warren-time-limit-ms",
    "warren-soft-time-limit-ms",
    "warren-expires-at-ms",
    "warren-at-most-once",
    "warren-coalesce",
    "warren-serial",
    "warren-busy-micros",
    "warren-supervisor",
    "warren-sent-at-ms",
    "warren-program",
    "warren-cause",
    "warren-died-at-ms",
    "warren-owner",
    "warren-grace-ms",
    "warren-unreadable",
    "x-death",
    "x-match",
    "x-delivery-count"
  };

  private static final String EVIL =
      "job\n12:00:00.000 ERROR Worker forged\r\u001b[31m\u202e\u0085";

  private final Random random;
  private final String replyTo;
  private int number;

  /**
   * Creates a source of messages.
   *
   * @param replyTo an existing queue for replies
   */
  public HostileMessages(Random random, String replyTo) {
    this.random = random;
    this.replyTo = replyTo;
  }

  /** Returns the next message. */
  public ForeignMessages.Foreign next() {
    String id = "hostile " + number++;
    BasicProperties.Builder properties =
        new BasicProperties.Builder()
            .headers(headers())
            .deliveryMode(random.nextInt(20) == 0 ? null : 2)
            .messageId(
                switch (random.nextInt(8)) {
                  case 0 -> null;
                  case 1 -> "";
                  case 2 -> "~" + id;
                  case 3 -> cut(id + EVIL);
                  case 4 -> id + "x".repeat(200);
                  default -> id;
                })
            .type(random.nextInt(4) == 0 ? null : one(TYPES))
            .priority(random.nextInt(4) == 0 ? random.nextInt(256) : null)
            .timestamp(random.nextInt(8) == 0 ? Date.from(Instant.ofEpochSecond(odd())) : null)
            .correlationId(random.nextInt(4) == 0 ? cut(EVIL.repeat(5)) : null)
            .contentEncoding(random.nextInt(8) == 0 ? "gzip" : null)
            .contentType(random.nextInt(8) == 0 ? cut(EVIL.repeat(5)) : null)
            .appId(random.nextInt(8) == 0 ? cut(EVIL.repeat(5)) : null)
            .replyTo(
                switch (random.nextInt(6)) {
                  case 0 -> replyTo;
                  case 1 -> "";
                  case 2 -> "payroll.commands";
                  case 3 -> cut("warren.results." + EVIL.repeat(5));
                  default -> null;
                });
    return new ForeignMessages.Foreign(id, properties.build(), Payload.of(body()));
  }

  private long odd() {
    return random.nextBoolean() ? random.nextInt() : random.nextLong() / 1_000_000;
  }

  /** Maximum length of a short string in AMQP. */
  private static String cut(String text) {
    return text.length() <= 120 ? text : text.substring(0, 120);
  }

  private Map<String, Object> headers() {
    Map<String, Object> headers = new HashMap<>();
    if (random.nextInt(3) > 0) {
      headers.put("warren-version", 1);
      headers.put("warren-fn", "java.lang.Math::abs(I)I");
    }
    switch (random.nextInt(40)) {
      case 0, 1, 2 -> headers.put("deep", ForeignMessages.nested(17 + random.nextInt(60)));
      case 3 -> headers.put("large", "x".repeat(90_000));
      case 4 -> {
        for (int i = 0; i < 3000; i++) {
          headers.put("h" + i, i);
        }
      }
      case 5 -> headers.put("x".repeat(250), "long name");
      default -> {}
    }
    for (int i = random.nextInt(5); i > 0; i--) {
      String name = one(HEADERS);
      Object value = value(3);
      headers.put(name, name.equals("warren-calls") && isOneCall(value) ? NO_CALL : value);
    }
    return headers;
  }

  /**
   * Whether it may be the number of an open call: anyone who knows the secret name of a results
   * queue could forge an outcome for it, which no reader can distinguish from a real one.
   */
  private static boolean isOneCall(Object value) {
    return value instanceof Number || value.equals("1");
  }

  private Object value(int depth) {
    return switch (random.nextInt(depth > 0 ? 18 : 16)) {
      case 0 -> random.nextInt();
      case 1 -> random.nextLong();
      case 2 -> (short) random.nextInt();
      case 3 -> (byte) random.nextInt();
      case 4 -> random.nextBoolean();
      case 5 -> random.nextDouble() * 1e300;
      case 6 -> random.nextFloat();
      case 7 -> new BigDecimal(random.nextInt() + "e-" + random.nextInt(200));
      case 8 -> Date.from(Instant.ofEpochSecond(odd()));
      case 9 -> bytes(random.nextInt(60));
      case 10 ->
          one(
              new String[] {
                "", " ", "-1", "1e9", "true", "yes", "0-9999999", "99999999999999999999"
              });
      case 11 -> EVIL;
      case 12 -> "java.lang.Math::abs(I)I";
      case 13 -> ranges();
      case 14 ->
          "{\"error\":{\"kind\":\""
              + one(new String[] {"failed", "x", EVIL.replace('\n', ' ')})
              + "\"}}";
      case 15 -> "x".repeat(random.nextInt(3000));
      case 16 -> {
        List<Object> list = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          list.add(value(depth - 1));
        }
        yield list;
      }
      default -> Map.of(one(HEADERS), value(depth - 1), "reason", value(depth - 1));
    };
  }

  private String ranges() {
    return switch (random.nextInt(4)) {
      case 0 -> "0-9999999";
      case 1 -> String.join(",", Collections.nCopies(1 + random.nextInt(2000), "1"));
      case 2 -> "1-" + Long.MAX_VALUE;
      default -> random.nextInt(1000) + "-" + random.nextInt(100_000);
    };
  }

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  private byte[] body() {
    String text =
        switch (random.nextInt(20)) {
          case 0 -> "";
          case 1 -> "\n".repeat(1 + random.nextInt(random.nextInt(100) == 0 ? 1_000_000 : 1000));
          case 2 -> "[".repeat(10_000);
          case 3 -> "{\"a\":".repeat(10_000);
          case 4 -> "\0".repeat(random.nextInt(1000));
          case 5 -> "\uFEFF[1]";
          case 6 ->
              "[\""
                  + "y".repeat(random.nextInt(random.nextInt(100) == 0 ? 4_000_000 : 5000))
                  + "\"]";
          case 7 -> ranges();
          case 8 -> "{\"value\":1}\n".repeat(1 + random.nextInt(2000));
          case 9 -> "{\"error\":null}";
          case 10 -> "null";
          case 11 -> heartbeat();
          case 12 -> holders();
          case 13 -> "{\"value\":1} trailing";
          case 14 -> "[1]\r\n[2]";
          case 15 -> EVIL;
          default -> "[-3]";
        };
    return random.nextInt(10) == 0
        ? bytes(random.nextInt(300))
        : text.getBytes(StandardCharsets.UTF_8);
  }

  private String heartbeat() {
    return "{\"supervisor\":"
        + one(new String[] {"null", "\"forged\"", "7", "\"w\\n\\u001b\\u202e\"", "[]"})
        + ",\"host\":\"h\",\"pid\":"
        + random.nextLong()
        + ",\"sequence\":"
        + random.nextLong()
        + ",\"slots\":"
        + one(new String[] {"2000000000", "-1", "1e300", "\"x\"", "0"})
        + ",\"busy\":0,\"held\":"
        + one(new String[] {"null", "[null]", "7", "[\"a\"]", "[" + "1,".repeat(3000) + "1]"})
        + ",\"leaving\":true,\"intervalMillis\":9223372036854775807}";
  }

  private String holders() {
    String ids =
        "[" + String.join(",", Collections.nCopies(1 + random.nextInt(3000), "\"i\"")) + "]";
    return "{\"supervisor\":"
        + one(new String[] {"null", "\"forged\"", "{}"})
        + ",\"sequence\":1,\"asked\":"
        + one(new String[] {ids, "null", "[null]"})
        + ",\"held\":"
        + one(new String[] {ids, "\"x\""})
        + ",\"settled\":"
        + ids
        + "}";
  }

  private <T> T one(T[] values) {
    return values[random.nextInt(values.length)];
  }
}

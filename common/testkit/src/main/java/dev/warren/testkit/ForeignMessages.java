package dev.warren.testkit;

import com.rabbitmq.client.AMQP.BasicProperties;
import dev.warren.task.Payload;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Messages as foreign producers might send them: a valid task with a few errors, and plain garbage.
 * The same seed yields the same messages. Each has a unique id. (No NaN: RabbitMQ itself closes a
 * connection that sends it.) Confined to one thread.
 */
public final class ForeignMessages {
  private static final Object[] ODD_VALUES = {
    "",
    " ",
    "abc",
    "1e9",
    "0x10",
    "-1",
    "99999999999999999999999",
    "\u0000",
    "ü\n\r\t",
    -1,
    0,
    3,
    Integer.MAX_VALUE,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    1.5,
    1.5f,
    (short) 7,
    (byte) -7,
    true,
    new BigDecimal("12345.678"),
    new byte[] {0, (byte) 0xff, 10},
    List.of("a", 1L, List.of(2)),
    Map.of("k", Map.of("l", "m")),
  };

  private static final String[] ODD_FUNCTIONS = {
    "",
    "::",
    "a::",
    "::b",
    "no colons",
    "a::b::c",
    "com.acme.Nowhere::nothing",
    "java.lang.Runtime::exec",
    "java.lang.System::exit",
    "dev.warren.worker.child.ChildMain::main",
    "[I::new",
    "java.lang.Object::wait(J)V",
    "x.Y::z(",
    "x.Y::z()",
    "x.Y::z(Lnot a type;)V",
    "../../etc/passwd::read",
    "ü.Ü::ö",
  };

  private static final String[] ODD_CALLS = {
    "",
    "a",
    "-",
    "5-1",
    "1,1",
    "3,2",
    "-5",
    "1-2-3",
    "0-9223372036854775807",
    "9223372036854775807",
    "0-10000000",
    "0,,1",
    "1 2",
    "0-1",
  };

  private static final String[] ODD_BODIES = {
    "",
    "[",
    "]",
    "{",
    "nul",
    "null",
    "7",
    "\"text\"",
    "{\"a\":1}",
    "[1,]",
    "[1][2]",
    "[1]\n[2]",
    "\n",
    "\n\n[1]",
    "[1]\n",
    "[NaN]",
    "[1e999999]",
    "[\"\\ud800\"]",
    "[\"unfinished",
    "// [1]",
    "[01]",
    "\uFEFF[1]",
  };

  private final Random random;
  private final String function;
  private final String body;
  private final String replyTo;
  private int number;

  /**
   * Creates a source of messages.
   *
   * @param function the function that the valid task calls
   * @param body its arguments
   * @param replyTo an existing queue
   */
  public ForeignMessages(Random random, String function, String body, String replyTo) {
    this.random = random;
    this.function = function;
    this.body = body;
    this.replyTo = replyTo;
  }

  /**
   * A message to send.
   *
   * @param id its message id
   * @param properties its properties, including the id
   */
  public record Foreign(String id, BasicProperties properties, Payload body) {
    /**
     * Whether its reply must arrive in this queue, with its id. (Replies to numbered calls are
     * identified by their numbers only.)
     */
    public boolean answersTo(String queue) {
      return queue.equals(properties.getReplyTo())
          && !properties.getHeaders().containsKey("warren-calls");
    }
  }

  /** Returns a header value with this many nested tables and lists. */
  public static Object nested(int depth) {
    Object value = "bottom";
    for (int i = 0; i < depth; i++) {
      value = i % 2 == 0 ? Map.of("k", value) : List.of(value);
    }
    return value;
  }

  /** The valid task. */
  public Foreign right() {
    return finish(new HashMap<>(rightHeaders()), replyTo, utf8(body));
  }

  /** Returns a message with random errors, occasionally none. */
  public Foreign next() {
    return random.nextInt(4) == 0 ? garbage() : mutated();
  }

  private Map<String, Object> rightHeaders() {
    return Map.of("warren-version", 1, "warren-fn", function);
  }

  private Foreign garbage() {
    Map<String, Object> headers = new HashMap<>();
    int count = random.nextInt(5);
    for (int i = 0; i < count; i++) {
      headers.put("h" + random.nextInt(20), one(ODD_VALUES));
    }
    byte[] bytes = new byte[random.nextInt(300)];
    random.nextBytes(bytes);
    return finish(headers, random.nextBoolean() ? replyTo : null, bytes);
  }

  private Foreign mutated() {
    Map<String, Object> headers = new HashMap<>(rightHeaders());
    byte[] bytes = utf8(body);
    String reply = oddReply();
    int mutations = 1 + random.nextInt(3);
    for (int i = 0; i < mutations; i++) {
      switch (random.nextInt(5)) {
        case 0 -> bytes = oddBody(bytes);
        case 1 -> headers.remove(one(headers.keySet().toArray()));
        case 2 -> headers.put("warren-fn", one(ODD_FUNCTIONS));
        default -> oddHeader(headers);
      }
      if (headers.isEmpty()) {
        headers.put("nothing", "else");
      }
    }
    return finish(headers, reply, bytes);
  }

  private @Nullable String oddReply() {
    return switch (random.nextInt(8)) {
      case 0 -> null;
      case 1 -> "warren.results.nobody-" + random.nextInt(1000);
      default -> replyTo;
    };
  }

  private void oddHeader(Map<String, Object> headers) {
    switch (random.nextInt(12)) {
      case 0 -> headers.put("warren-version", one(ODD_VALUES));
      case 1 -> headers.put("warren-calls", one(ODD_CALLS));
      case 2 -> headers.put("warren-settings", "0123456789abcdef");
      case 3 -> headers.put("warren-captured", one(ODD_VALUES));
      case 4 -> headers.put("warren-fn", one(ODD_VALUES));
      case 5 -> headers.put("warren-attempt", one(ODD_VALUES));
      case 6 -> headers.put("warren-time-limit-ms", one(ODD_VALUES));
      case 7 -> headers.put("warren-max-host-losses", one(ODD_VALUES));
      case 8 -> headers.put("warren-backoff-max-ms", one(ODD_VALUES));
      case 9 -> headers.put("warren-not-before-ms", one(new Object[] {Long.MAX_VALUE, "soon", -1}));
      case 10 -> headers.put("x-match", one(ODD_VALUES));
      default -> {
        for (int i = 0; i < 200; i++) {
          headers.put("many-" + i, one(ODD_VALUES));
        }
      }
    }
  }

  private byte[] oddBody(byte[] bytes) {
    return switch (random.nextInt(6)) {
      case 0 -> Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
      case 1 -> flipped(bytes);
      case 2 -> utf8("[".repeat(1 + random.nextInt(5000)));
      case 3 -> utf8("[\"" + "a".repeat(random.nextInt(50_000)) + "\"]");
      case 4 -> new byte[] {'[', '"', (byte) 0xc3, (byte) 0x28, '"', ']'};
      default -> utf8((String) one(ODD_BODIES));
    };
  }

  private byte[] flipped(byte[] bytes) {
    byte[] changed = bytes.clone();
    for (int i = 0; i < 3 && changed.length > 0; i++) {
      changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
    }
    return changed;
  }

  private Object one(Object[] values) {
    return values[random.nextInt(values.length)];
  }

  private Foreign finish(Map<String, Object> headers, @Nullable String reply, byte[] bytes) {
    String id = "foreign " + number++;
    BasicProperties properties =
        new BasicProperties.Builder()
            .messageId(id)
            .headers(headers)
            .replyTo(reply)
            .correlationId(random.nextInt(10) == 0 ? null : id)
            .type(random.nextInt(10) == 0 ? "order.created" : null)
            .contentType(random.nextInt(10) == 0 ? "application/xml" : null)
            .contentEncoding(random.nextInt(20) == 0 ? "gzip" : null)
            .priority(random.nextInt(10) == 0 ? random.nextInt(256) : null)
            .deliveryMode(2)
            .build();
    return new Foreign(id, properties, Payload.of(bytes));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

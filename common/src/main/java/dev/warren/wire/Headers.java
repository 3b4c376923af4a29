package dev.warren.wire;

import dev.warren.trace.TraceContext;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Names of Warren's headers (docs/protocol.md), and typed access to their values. Not thread-safe.
 */
public final class Headers {
  /** Format version of every message that this program writes and reads: {@value}. */
  public static final int VERSION = 1;

  public static final String WARREN_VERSION = "warren-version";
  public static final String FUNCTION = "warren-fn";
  public static final String FUNCTION_DIGEST = "warren-fn-digest";
  public static final String CALLS = "warren-calls";
  public static final String JOB = "warren-job";
  public static final String SETTINGS = "warren-settings";
  public static final String CAPTURED = "warren-captured";
  public static final String ATTEMPT = "warren-attempt";
  public static final String MAX_ATTEMPTS = "warren-max-attempts";
  public static final String BACKOFF_INITIAL_MS = "warren-backoff-initial-ms";
  public static final String BACKOFF_MAX_MS = "warren-backoff-max-ms";
  public static final String BACKOFF_FACTOR_PERCENT = "warren-backoff-factor-percent";
  public static final String BACKOFF_JITTER_PERCENT = "warren-backoff-jitter-percent";
  public static final String RETRY_ON = "warren-retry-on";
  public static final String CHILD_LOSSES = "warren-child-losses";
  public static final String MAX_CHILD_LOSSES = "warren-max-child-losses";
  public static final String HOST_LOSSES = "warren-host-losses";
  public static final String MAX_HOST_LOSSES = "warren-max-host-losses";
  public static final String TIME_LIMIT_MS = "warren-time-limit-ms";
  public static final String SOFT_TIME_LIMIT_MS = "warren-soft-time-limit-ms";
  public static final String EXPIRES_AT_MS = "warren-expires-at-ms";
  public static final String NOT_BEFORE_MS = "warren-not-before-ms";
  public static final String DELAY_MS = "warren-delay-ms";
  public static final String AT_MOST_ONCE = "warren-at-most-once";
  public static final String COALESCE = "warren-coalesce";
  public static final String STRICT_JSON = "warren-strict-json";
  public static final String SERIAL = "warren-serial";
  public static final String BUSY_MICROS = "warren-busy-micros";
  public static final String CHILD_STATES = "warren-child-states";
  public static final String SUPERVISOR = "warren-supervisor";
  public static final String OWNER = "warren-owner";
  public static final String SENT_AT_MS = "warren-sent-at-ms";
  public static final String PROGRAM = "warren-program";
  public static final String FUNCTIONS = "warren-functions";
  public static final String APP = "warren-app";
  public static final String CALLS_ENDED = "warren-calls-ended";
  public static final String CALLS_FAILED = "warren-calls-failed";
  public static final String LEASED_BY = "warren-leased-by";
  public static final String CAUSE = "warren-cause";
  public static final String DIED_AT_MS = "warren-died-at-ms";

  /** Set on a task that is being deferred because a live worker may still be running it. */
  public static final String SUSPECT = "warren-suspect";

  /** Replaces all headers of a message that could not be decoded; its value is the reason. */
  public static final String UNREADABLE = "warren-unreadable";

  /** Maximum characters of a wrong value that an error message shows. */
  private static final int SHOWN = 100;

  private final Map<String, Object> headers;

  public Headers(Map<String, Object> headers) {
    this.headers = headers;
  }

  int count() {
    return headers.size();
  }

  boolean has(String name) {
    return headers.containsKey(name);
  }

  /** The message's place in a trace; null if it has none, or one that cannot be read. */
  @Nullable TraceContext trace() {
    Object parent = headers.get(TraceContext.TRACEPARENT);
    return parent == null ? null : TraceContext.of(parent, headers.get(TraceContext.TRACESTATE));
  }

  public void checkVersion() {
    Object unreadable = headers.get(UNREADABLE);
    if (unreadable != null) {
      throw new WireFormatException("the message cannot be decoded: " + unreadable);
    }
    Object version = headers.get(WARREN_VERSION);
    if (version == null) {
      throw new WireFormatException(
          "header " + WARREN_VERSION + " is missing; it must be " + VERSION);
    }
    if (!isWhole(version) || ((Number) version).longValue() != VERSION) {
      throw new WireFormatException(
          "header " + WARREN_VERSION + " is " + shown(version) + "; this worker reads " + VERSION);
    }
  }

  /** A text, or a whole number as text; null if the header is absent. */
  public @Nullable String text(String name) {
    Object value = headers.get(name);
    if (value == null || value instanceof String) {
      return (String) value;
    }
    if (isWhole(value)) {
      return value.toString();
    }
    throw new WireFormatException("header " + name + " is not a text: " + shown(value));
  }

  /** Like {@link #text(String)}, with a maximum length in characters. */
  public @Nullable String text(String name, int max) {
    String text = text(name);
    if (text != null && text.length() > max) {
      throw new WireFormatException(
          "header " + name + " has " + text.length() + " characters; must be at most " + max);
    }
    return text;
  }

  private static boolean isWhole(Object value) {
    return value instanceof Long
        || value instanceof Integer
        || value instanceof Short
        || value instanceof Byte;
  }

  /** Shortens a value of any type for an error message. */
  private static String shown(Object value) {
    return value instanceof byte[] bytes ? bytes.length + " bytes" : cut(String.valueOf(value));
  }

  /** Shortens a text for an error message. */
  static String cut(String text) {
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
  }

  public String requiredText(String name) {
    String value = text(name);
    if (value == null || value.isEmpty()) {
      throw new WireFormatException("header " + name + " is missing");
    }
    return value;
  }

  /** A whole number in [{@code min}, {@code max}]; {@code otherwise} if the header is absent. */
  public long number(String name, long otherwise, long min, long max) {
    Object value = headers.get(name);
    if (value == null) {
      return otherwise;
    }
    long number;
    if (isWhole(value)) {
      number = ((Number) value).longValue();
    } else {
      try {
        number = Long.parseLong(value instanceof String text ? text : "");
      } catch (NumberFormatException e) {
        throw new WireFormatException(
            "header " + name + " is not a number: '" + shown(value) + "'", e);
      }
    }
    if (number < min || number > max) {
      throw new WireFormatException(
          "header " + name + " is " + number + "; must be " + min + " to " + max);
    }
    return number;
  }

  /** True or false; null if the header is absent. */
  @Nullable Boolean trueOrFalse(String name) {
    return headers.get(name) == null ? null : flag(name);
  }

  boolean flag(String name) {
    Object value = headers.get(name);
    if (value == null || value instanceof Boolean) {
      return value != null && (Boolean) value;
    }
    boolean yes = "true".equalsIgnoreCase(value.toString());
    if (!yes && !"false".equalsIgnoreCase(value.toString())) {
      throw new WireFormatException(
          "header " + name + " is '" + shown(value) + "'; must be true or false");
    }
    return yes;
  }
}

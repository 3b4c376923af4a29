package dev.warren.wire;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Names of Warren's headers (docs/protocol.md) and how they are read. */
public final class Headers {
  /** Format version of every message; this program writes and reads {@value}. */
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
  public static final String AT_MOST_ONCE = "warren-at-most-once";
  public static final String COALESCE = "warren-coalesce";
  public static final String SERIAL = "warren-serial";
  public static final String BUSY_MICROS = "warren-busy-micros";
  public static final String SUPERVISOR = "warren-supervisor";
  public static final String SENT_AT_MS = "warren-sent-at-ms";
  public static final String PROGRAM = "warren-program";
  public static final String LEASED_BY = "warren-leased-by";
  public static final String CAUSE = "warren-cause";
  public static final String DIED_AT_MS = "warren-died-at-ms";

  /** Of a task that goes round because a worker that lives may still be running it. */
  public static final String SUSPECT = "warren-suspect";

  /** Of a message whose own headers could not be decoded: why. They are replaced by this one. */
  public static final String UNREADABLE = "warren-unreadable";

  private final Map<String, Object> headers;

  Headers(Map<String, Object> headers) {
    this.headers = headers;
  }

  int count() {
    return headers.size();
  }

  void checkVersion() {
    Object unreadable = headers.get(UNREADABLE);
    if (unreadable != null) {
      throw new WireFormatException("the message cannot be decoded: " + unreadable);
    }
    Object version = headers.get(WARREN_VERSION);
    if (version == null) {
      throw new WireFormatException(
          "header " + WARREN_VERSION + " is missing; it must be " + VERSION);
    }
    if (!(version instanceof Number number) || number.longValue() != VERSION) {
      throw new WireFormatException(
          "header " + WARREN_VERSION + " is " + version + "; this worker reads " + VERSION);
    }
  }

  @Nullable String text(String name) {
    Object value = headers.get(name);
    return value == null ? null : value.toString();
  }

  String requiredText(String name) {
    String value = text(name);
    if (value == null || value.isEmpty()) {
      throw new WireFormatException("header " + name + " is missing");
    }
    return value;
  }

  /**
   * A whole number in [{@code least}, {@code most}], or {@code otherwise} where the header is
   * absent.
   */
  long number(String name, long otherwise, long least, long most) {
    Object value = headers.get(name);
    if (value == null) {
      return otherwise;
    }
    long number;
    if (value instanceof Number given) {
      number = given.longValue();
    } else {
      try {
        number = Long.parseLong(value.toString());
      } catch (NumberFormatException e) {
        throw new WireFormatException("header " + name + " is not a number: '" + value + "'", e);
      }
    }
    if (number < least || number > most) {
      throw new WireFormatException(
          "header " + name + " is " + number + "; must be " + least + " to " + most);
    }
    return number;
  }

  boolean flag(String name) {
    Object value = headers.get(name);
    return value != null && Boolean.parseBoolean(value.toString());
  }
}

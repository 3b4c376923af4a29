package dev.warren.trace;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Attributes of spans of messages: OpenTelemetry's semantic conventions for messaging, and Warren's
 * own. Not thread-safe.
 */
public final class Attributes {
  private final Map<String, Object> values = new LinkedHashMap<>();

  private Attributes() {}

  /** Attributes of what happens to no message in particular. */
  public static Attributes none() {
    return new Attributes();
  }

  /**
   * Attributes of a message.
   *
   * @param system the kind of broker
   * @param operation {@code send} or {@code process}
   * @param calls number of calls that it carries
   */
  public static Attributes ofMessage(
      String system, String operation, String queue, String id, int calls) {
    Attributes attributes =
        none()
            .with("messaging.system", system)
            .with("messaging.operation.name", operation)
            .with("messaging.operation.type", operation)
            .with("messaging.destination.name", queue)
            .with("messaging.message.id", id);
    return calls == 1 ? attributes : attributes.with("messaging.batch.message_count", (long) calls);
  }

  /** Adds a text; null adds nothing. */
  public Attributes with(String name, @Nullable String value) {
    if (value != null) {
      values.put(name, value);
    }
    return this;
  }

  public Attributes with(String name, long value) {
    values.put(name, value);
    return this;
  }

  /** The attributes by name. */
  public Map<String, Object> values() {
    return values;
  }
}

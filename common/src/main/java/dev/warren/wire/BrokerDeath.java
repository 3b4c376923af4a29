package dev.warren.wire;

import java.util.Date;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why the broker itself dead-lettered a message, read from the header {@code x-death}. Immutable.
 *
 * @param reason {@code expired}, {@code maxlen}, {@code delivery_limit} or {@code rejected}; null
 *     if unknown
 * @param queue the message's previous queue; null if unknown
 * @param atMillis when, by the broker's wall clock; 0 if unknown
 */
public record BrokerDeath(@Nullable String reason, @Nullable String queue, long atMillis) {
  private static final String HEADER = "x-death";

  /** Reads the newest entry, which RabbitMQ puts first; null if there is none. */
  public static @Nullable BrokerDeath of(Map<String, Object> headers) {
    if (!(headers.get(HEADER) instanceof List<?> deaths)
        || deaths.isEmpty()
        || !(deaths.get(0) instanceof Map<?, ?> death)) {
      return null;
    }
    return new BrokerDeath(
        text(death.get("reason")),
        text(death.get("queue")),
        death.get("time") instanceof Date time ? time.toInstant().toEpochMilli() : 0);
  }

  private static @Nullable String text(@Nullable Object value) {
    return value == null ? null : value.toString();
  }
}

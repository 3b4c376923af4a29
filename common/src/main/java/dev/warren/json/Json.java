package dev.warren.json;

import dev.warren.json.shape.Mappers;
import dev.warren.task.Payload;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.util.RawValue;

/**
 * The JSON mapper for Warren's own messages, the same in callers, supervisors and children: ISO
 * dates, unknown properties ignored, no default typing, no line breaks in its output. Thread-safe.
 */
public final class Json {
  public static final JsonMapper MAPPER =
      Mappers.builder()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
          .disable(SerializationFeature.INDENT_OUTPUT)
          .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
          .disable(DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
          .build();

  private Json() {}

  /**
   * Writes a value.
   *
   * @throws JacksonException if it cannot be written
   */
  public static Payload write(Object value) {
    return Payload.of(MAPPER.writeValueAsBytes(value));
  }

  /** A value that is JSON already, to be a part of another. */
  public static Object raw(Payload json) {
    return new RawValue(json.text());
  }

  /**
   * Reads one value of a non-generic type.
   *
   * @throws JacksonException if the bytes are not JSON or do not fit the type
   */
  public static <T> T read(Payload json, Class<T> type) {
    return MAPPER.readerFor(type).readValue(json.array(), json.offset(), json.length());
  }

  /** A parser over the bytes, for sequences of values. */
  public static JsonParser parser(Payload json) {
    return MAPPER.createParser(json.array(), json.offset(), json.length());
  }
}

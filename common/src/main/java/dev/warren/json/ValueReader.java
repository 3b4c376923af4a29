package dev.warren.json;

import dev.warren.task.Payload;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;

/**
 * Reads values of one type, strictly or with Jackson's usual leniency. Thread-safe; runs
 * constructors, setters and deserializers of users.
 */
public final class ValueReader {
  private final Values values;
  private final JavaType type;
  private final boolean strictly;
  private final ObjectReader reader;

  ValueReader(Values values, JavaType type, boolean strictly) {
    this.values = values;
    this.type = type;
    this.strictly = strictly;
    // trailing text is checked here, because a value in a sequence is followed by others
    this.reader =
        values
            .mapper(strictly)
            .readerFor(type)
            .without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  }

  /** Whether JSON null is read as Java null; an Optional, for example, is empty instead. */
  static boolean isPlainNull(JavaType type) {
    return !type.isReferenceType()
        && !type.isPrimitive()
        && !type.getRawClass().getName().startsWith("java.util.Optional")
        && !type.getRawClass().getName().startsWith("tools.jackson.");
  }

  /**
   * Reads the value at the current token of a parser from {@link Values#parser}; leaves the parser
   * at the value's last token.
   *
   * @throws tools.jackson.core.JacksonException if it is not a value of the type
   */
  public @Nullable Object read(JsonParser parser) {
    if (parser.currentToken() == JsonToken.VALUE_NULL && isPlainNull(type)) {
      return null;
    }
    return reader.readValue(parser);
  }

  /**
   * Reads bytes that must hold exactly one value.
   *
   * @throws tools.jackson.core.JacksonException if they do not
   */
  public @Nullable Object read(Payload json) {
    try (JsonParser parser = values.parser(json, strictly)) {
      if (parser.nextToken() == null) {
        throw new StreamReadException(parser, "no value");
      }
      Object value = read(parser);
      if (parser.nextToken() != null) {
        throw new StreamReadException(
            parser, "more than one value: the first is followed by " + parser.currentToken());
      }
      return value;
    }
  }
}

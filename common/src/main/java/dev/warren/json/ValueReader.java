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
  // the class of plain numbers and text; null for other types
  private final @Nullable Class<?> scalar;

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
    Class<?> raw = type.getRawClass();
    this.scalar = Scalars.reads(raw) ? raw : null;
  }

  /** Whether the values are numbers, booleans or text, so that reading one runs no user code. */
  public boolean isScalar() {
    return scalar != null;
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

  /**
   * Reads the value of a line {@code {"value":…}}, which must be well-formed.
   *
   * @throws tools.jackson.core.JacksonException if it is not a value of the type
   */
  public @Nullable Object readMember(Payload line) {
    Object plain = scalar == null ? null : new Scalars().readOutcome(scalar, line);
    return plain == null ? read(line.slice(ValueMember.START_LENGTH, line.length() - 1)) : plain;
  }

  /**
   * Reads the values of the lines {@code from} to {@code to} (exclusive). Each line is one value,
   * whatever it contains: a value that does not end where its line ends is not accepted.
   */
  public void readMembers(Lines lines, int from, int to, Members members) {
    if (scalar == null) {
      readTogether(lines, from, to, members);
      return;
    }
    Scalars scalars = new Scalars();
    for (int i = from; i < to; i++) {
      Object value = scalars.readOutcome(scalar, lines, i);
      if (value != null) {
        members.value(i, value);
      } else {
        members.other(i);
      }
    }
  }

  /** Reads the lines with one parser, because creating one costs more than reading a value. */
  private void readTogether(Lines lines, int from, int to, Members members) {
    int next = from;
    try (JsonParser parser = values.parser(lines.run(from, to), strictly)) {
      long end = -1;
      while (next < to) {
        int start = lines.offset(next);
        int stop = lines.end(next);
        // end of this line, without its line feed
        end += 1 + stop - start;
        expect(parser, JsonToken.START_OBJECT);
        if (ValueMember.startsAt(lines.array(), start, stop)) {
          expect(parser, JsonToken.PROPERTY_NAME);
          parser.nextToken();
          Object value = read(parser);
          expect(parser, JsonToken.END_OBJECT);
          expectAt(parser, end);
          members.value(next, value);
        } else {
          parser.skipChildren();
          expectAt(parser, end);
          members.other(next);
        }
        next++;
      }
    } catch (Throwable e) {
      // an unreadable line leaves the parser anywhere, so the others are read one by one
      for (int i = next; i < to; i++) {
        members.other(i);
      }
    }
  }

  private static void expect(JsonParser parser, JsonToken wanted) {
    JsonToken found = parser.nextToken();
    if (found != wanted) {
      throw new IllegalStateException(
          "not an outcome: " + found + " where " + wanted + " was expected");
    }
  }

  private static void expectAt(JsonParser parser, long end) {
    long found = parser.currentLocation().getByteOffset();
    if (found != end) {
      throw new IllegalStateException("an outcome ends at " + found + ", its line at " + end);
    }
  }

  /** Receives the content of lines; each line once, in their order. */
  public interface Members {
    void value(int line, @Nullable Object value);

    /** A line that is not a value, or that must be read alone to know. */
    void other(int line);
  }
}

package dev.warren.pool;

import dev.warren.json.Lines;
import dev.warren.json.Reasons;
import dev.warren.json.Scalars;
import dev.warren.json.ValueReader;
import dev.warren.json.Values;
import dev.warren.pool.engine.function.ReadFunction;
import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.OutcomeLine;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JavaType;

/**
 * Reads outcome lines as values of a function's result type. Runs users' deserializers, so it is
 * never called on a thread of the broker. Thread-safe.
 */
final class ResultReader<R extends @Nullable Object> {
  private final Values values;
  private final boolean strictly;
  private final ValueReader reader;
  private final String type;
  private final Class<?> raw;
  private final @Nullable ClassLoader loader;
  // the class of plain numbers and text; null for other types
  private final @Nullable Class<?> scalar;

  /**
   * Creates a reader for a function's results.
   *
   * @param values converts the results
   * @param strictly whether to refuse what does not fit exactly
   */
  ResultReader(ReadFunction function, Values values, boolean strictly) {
    JavaType result = values.type(function.resultType());
    this.values = values;
    this.strictly = strictly;
    this.reader = values.reader(result, strictly);
    this.type = result.toCanonical();
    this.loader = function.loader();
    this.raw = result.getRawClass();
    this.scalar = Scalars.reads(raw) ? raw : null;
  }

  /** Whether reading a value runs no user code. */
  boolean isScalar() {
    return scalar != null;
  }

  /** The raw class of the values. */
  Class<?> type() {
    return raw;
  }

  /** Reads one outcome line. */
  @SuppressWarnings({"unchecked", "NullAway"}) // values are of the type of R
  DecodedOutcome<R> read(Payload line) {
    Object plain = scalar == null ? null : new Scalars().readOutcome(scalar, line);
    if (plain != null) {
      return DecodedOutcome.with((R) plain);
    }
    if (!OutcomeLine.isWellFormed(line) || !OutcomeLine.isValue(line)) {
      return DecodedOutcome.failed(Failures.of(line, loader));
    }
    try {
      return DecodedOutcome.with((R) reader.read(OutcomeLine.value(line)));
    } catch (Throwable e) {
      return DecodedOutcome.failed(unreadable(e));
    }
  }

  /**
   * Reads lines {@code from} to {@code to} (exclusive) and calls {@code sink} once for each. Each
   * line is one outcome, whatever it contains: a value that does not end where its line ends is not
   * accepted.
   */
  @SuppressWarnings({"unchecked", "NullAway"}) // values are of the type of R
  void readAll(Lines lines, int from, int to, Sink<R> sink) {
    if (scalar != null) {
      readScalars(scalar, lines, from, to, sink);
      return;
    }
    int next = from;
    try (JsonParser parser = values.parser(lines.run(from, to), strictly)) {
      long end = -1;
      while (next < to) {
        Payload line = lines.get(next);
        // end of this line, without its line feed
        end += 1 + line.length();
        if (OutcomeLine.isValue(line)) {
          expect(parser, JsonToken.START_OBJECT);
          expect(parser, JsonToken.PROPERTY_NAME);
          parser.nextToken();
          R value = (R) reader.read(parser);
          expect(parser, JsonToken.END_OBJECT);
          expectAt(parser, end);
          sink.value(next, value);
        } else {
          expect(parser, JsonToken.START_OBJECT);
          parser.skipChildren();
          expectAt(parser, end);
          tell(next, lines, sink);
        }
        next++;
      }
    } catch (Throwable e) {
      // an unreadable line leaves the parser anywhere, so the others are read one by one
      for (int i = next; i < to; i++) {
        tell(i, lines, sink);
      }
    }
  }

  @SuppressWarnings("unchecked") // type is the class of R
  private void readScalars(Class<?> type, Lines lines, int from, int to, Sink<R> sink) {
    Scalars scalars = new Scalars();
    for (int i = from; i < to; i++) {
      Object value = scalars.readOutcome(type, lines, i);
      if (value != null) {
        sink.value(i, (R) value);
      } else {
        tell(i, lines, sink);
      }
    }
  }

  private void tell(int line, Lines lines, Sink<R> sink) {
    Payload outcome = lines.get(line);
    if (!OutcomeLine.isWellFormed(outcome) || !OutcomeLine.isValue(outcome)) {
      // a copy, so that one failure does not retain the whole message it arrived in
      Payload kept = Payload.of(outcome.toBytes());
      sink.failure(line, () -> Failures.of(kept, loader));
      return;
    }
    DecodedOutcome<R> ended = read(outcome);
    Throwable failure = ended.failure();
    if (failure == null) {
      sink.value(line, ended.value());
    } else {
      sink.failure(line, () -> failure);
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

  /** The exception for a result that has arrived but cannot be read. */
  private Throwable unreadable(Throwable why) {
    String path = why instanceof JacksonException json ? Reasons.path(json) : "";
    String message =
        "the result cannot be read as "
            + type
            + (path.isEmpty() ? "" : " at " + path)
            + ": "
            + Reasons.of(why);
    return new ResultNotSerializableException(
        RemoteFailure.of(FailureKind.RESULT_NOT_SERIALIZABLE, message, 1), why);
  }

  /** Receives the content of lines. */
  interface Sink<R extends @Nullable Object> {
    void value(int line, R value);

    /**
     * A failure.
     *
     * @param failure creates the exception, which may run user code
     */
    void failure(int line, Supplier<Throwable> failure);
  }
}

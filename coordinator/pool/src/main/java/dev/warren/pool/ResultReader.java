package dev.warren.pool;

import dev.warren.json.Lines;
import dev.warren.json.Reasons;
import dev.warren.json.ValueReader;
import dev.warren.json.Values;
import dev.warren.pool.engine.function.ReadFunction;
import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.OutcomeLine;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JavaType;

/**
 * Reads outcome lines as values of a function's result type. Runs users' deserializers, so it is
 * never called on a thread of the broker. Thread-safe.
 */
final class ResultReader<R extends @Nullable Object> {
  private final ValueReader reader;
  private final String type;
  private final Class<?> raw;
  private final boolean discards;
  private final @Nullable ClassLoader loader;

  /**
   * Creates a reader for a function's results.
   *
   * @param values converts the results
   * @param strictly whether to refuse what does not fit exactly
   */
  ResultReader(ReadFunction function, Values values, boolean strictly) {
    JavaType result = values.type(function.resultType());
    this.reader = values.reader(result, strictly);
    this.type = result.toCanonical();
    this.loader = function.loader();
    this.raw = result.getRawClass();
    this.discards = raw == void.class;
  }

  /** Whether reading a value runs no user code. */
  boolean isScalar() {
    return discards || reader.isScalar();
  }

  /** The raw class of the values. */
  Class<?> type() {
    return raw;
  }

  /**
   * Reads one outcome line.
   *
   * @param index position of the call in its job, or {@link Failures#NO_INDEX}
   */
  DecodedOutcome<R> read(Payload line, long index) {
    if (!OutcomeLine.isWellFormed(line) || !OutcomeLine.isValue(line)) {
      return DecodedOutcome.failed(Failures.of(line, loader, index));
    }
    DecodedOutcome<R> ended = value(line);
    Throwable why = ended.failure();
    return why == null ? ended : DecodedOutcome.failed(unreadable(why, index));
  }

  /** Reads lines {@code from} to {@code to} (exclusive) and calls {@code sink} once for each. */
  void readAll(Lines lines, int from, int to, Sink<R> sink) {
    if (discards) {
      for (int i = from; i < to; i++) {
        tell(i, lines, sink);
      }
      return;
    }
    reader.readMembers(
        lines,
        from,
        to,
        new ValueReader.Members() {
          @Override
          @SuppressWarnings({"unchecked", "NullAway"}) // values are of the type of R
          public void value(int line, @Nullable Object value) {
            sink.value(line, (R) value);
          }

          @Override
          public void other(int line) {
            tell(line, lines, sink);
          }
        });
  }

  private void tell(int line, Lines lines, Sink<R> sink) {
    Payload outcome = lines.get(line);
    if (!OutcomeLine.isWellFormed(outcome) || !OutcomeLine.isValue(outcome)) {
      // a copy, so that one failure does not retain the whole message it arrived in
      Payload kept = Payload.of(outcome.toBytes());
      sink.failure(line, index -> Failures.of(kept, loader, index));
      return;
    }
    DecodedOutcome<R> ended = value(outcome);
    Throwable why = ended.failure();
    if (why == null) {
      sink.value(line, ended.value());
    } else {
      sink.failure(line, index -> unreadable(why, index));
    }
  }

  /** Reads the value of a line, or returns what that throws. */
  @SuppressWarnings({"unchecked", "NullAway"}) // values are of the type of R
  private DecodedOutcome<R> value(Payload line) {
    try {
      return DecodedOutcome.with(discards ? null : (R) reader.readMember(line));
    } catch (Throwable e) {
      return DecodedOutcome.failed(e);
    }
  }

  /** The exception for a result that has arrived but cannot be read. */
  private Throwable unreadable(Throwable why, long index) {
    String path = why instanceof JacksonException json ? Reasons.path(json) : "";
    String message =
        "the result cannot be read as "
            + type
            + (path.isEmpty() ? "" : " at " + path)
            + ": "
            + Reasons.of(why);
    return new ResultNotSerializableException(
        Failures.at(RemoteFailure.of(FailureKind.RESULT_NOT_SERIALIZABLE, message, 1), index), why);
  }

  /** Receives the content of lines. */
  interface Sink<R extends @Nullable Object> {
    void value(int line, R value);

    /**
     * A failure.
     *
     * @param failure creates the exception, given the call's index; may run user code
     */
    void failure(int line, LongFunction<Throwable> failure);
  }
}

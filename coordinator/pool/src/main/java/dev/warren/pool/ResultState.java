package dev.warren.pool;

import dev.warren.task.Payload;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How far a result is: pending, ended but not decoded, or decoded. Decoding runs user code, and is
 * put off until somebody asks for the result. Immutable.
 */
sealed interface ResultState<R extends @Nullable Object>
    permits ResultState.Pending,
        ResultState.Cancelled,
        ResultState.Undecoded,
        ResultState.Failed,
        ResultState.Later,
        DecodedOutcome {
  /** Not ended. */
  record Pending<R extends @Nullable Object>() implements ResultState<R> {
    private static final Pending<?> INSTANCE = new Pending<>();

    @SuppressWarnings("unchecked") // it has no content
    static <R extends @Nullable Object> ResultState<R> state() {
      return (ResultState<R>) INSTANCE;
    }
  }

  /** Ended by its caller's cancel. */
  record Cancelled<R extends @Nullable Object>() implements ResultState<R> {
    private static final Cancelled<?> INSTANCE = new Cancelled<>();

    @SuppressWarnings("unchecked") // it has no content
    static <R extends @Nullable Object> ResultState<R> state() {
      return (ResultState<R>) INSTANCE;
    }
  }

  /** Ended with an outcome line. */
  record Undecoded<R extends @Nullable Object>(Payload line) implements ResultState<R> {}

  /** Ended by failures of calls; the first is thrown, the others are suppressed in it. */
  record Failed<R extends @Nullable Object>(List<Supplier<Throwable>> failures)
      implements ResultState<R> {

    /** Rebuilds the exceptions, which may run user code. */
    DecodedOutcome<R> decode() {
      Throwable first = failures.get(0).get();
      failures.stream().skip(1).forEach(other -> first.addSuppressed(other.get()));
      return DecodedOutcome.failed(first);
    }
  }

  /** Ended; the value is put together when somebody asks for it, because that may run user code. */
  record Later<R extends @Nullable Object>(Supplier<R> value) implements ResultState<R> {

    /** Puts the value together. */
    DecodedOutcome<R> decode() {
      return DecodedOutcome.with(value.get());
    }
  }

  default boolean isPending() {
    return this instanceof Pending;
  }
}

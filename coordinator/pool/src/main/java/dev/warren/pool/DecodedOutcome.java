package dev.warren.pool;

import dev.warren.wire.ExceptionText;
import org.jspecify.annotations.Nullable;

/**
 * How a result ended, decoded: a value or an exception. Immutable.
 *
 * @param value undefined if there is a failure
 */
record DecodedOutcome<R extends @Nullable Object>(R value, @Nullable Throwable failure)
    implements ResultState<R> {

  static <R extends @Nullable Object> DecodedOutcome<R> with(R value) {
    return new DecodedOutcome<>(value, null);
  }

  @SuppressWarnings("NullAway") // the value of a failure is never read
  static <R extends @Nullable Object> DecodedOutcome<R> failed(Throwable failure) {
    return new DecodedOutcome<>(null, failure);
  }

  /** Returns the value, or throws the failure; only an input's failure can be a checked one. */
  R valueOrThrow() {
    throwIfPresent(failure);
    return value;
  }

  /** Throws a failure; a checked one, which only an input can have, as the cause of another. */
  static void throwIfPresent(@Nullable Throwable failure) {
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
    if (failure != null) {
      throw new IllegalStateException("the input failed: " + ExceptionText.text(failure), failure);
    }
  }
}

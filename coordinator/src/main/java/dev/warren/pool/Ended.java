package dev.warren.pool;

import org.jspecify.annotations.Nullable;

/**
 * How a job ended, decoded: a value or an exception. Immutable.
 *
 * @param value undefined if there is a failure
 */
record Ended<R extends @Nullable Object>(R value, @Nullable Throwable failure) {

  static <R extends @Nullable Object> Ended<R> with(R value) {
    return new Ended<>(value, null);
  }

  @SuppressWarnings("NullAway") // the value of a failure is never read
  static <R extends @Nullable Object> Ended<R> failed(Throwable failure) {
    return new Ended<>(null, failure);
  }
}

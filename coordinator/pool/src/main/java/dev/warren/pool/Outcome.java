package dev.warren.pool;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How one call of {@link Pool#mapOutcomes} ended: with a value or with a failure. Immutable.
 *
 * <pre>{@code
 * for (Outcome<String> outcome : pool.mapOutcomes(Texts::extract, files)) {
 *   if (outcome.isSuccess()) {
 *     index(files.get((int) outcome.index()), outcome.value());
 *   } else {
 *     log.warn("call {} failed", outcome.index(), outcome.failure());
 *   }
 * }
 * }</pre>
 */
public sealed interface Outcome<R extends @Nullable Object> {

  /** Position of the call's item, from 0. */
  long index();

  /** Whether the call returned a value, which may be null. */
  boolean isSuccess();

  /**
   * The call's value.
   *
   * @throws TaskFailedException if the call failed: the same exception as {@link #failure()}
   * @throws java.util.concurrent.CancellationException if the call was cancelled by {@code
   *     failFast}
   */
  R value();

  /**
   * The exception that {@code apply} would have thrown: a {@link TaskFailedException}, or a {@link
   * java.util.concurrent.CancellationException} for a call that {@code failFast} cancelled; null if
   * the call returned a value.
   */
  @Nullable RuntimeException failure();

  /** The call returned a value. */
  record Success<R extends @Nullable Object>(long index, R value) implements Outcome<R> {
    @Override
    public boolean isSuccess() {
      return true;
    }

    @Override
    public @Nullable RuntimeException failure() {
      return null;
    }
  }

  /** The call ended without a value. */
  record Failure<R extends @Nullable Object>(long index, RuntimeException failure)
      implements Outcome<R> {
    public Failure {
      Objects.requireNonNull(failure, "failure");
    }

    @Override
    public boolean isSuccess() {
      return false;
    }

    @Override
    public R value() {
      throw failure;
    }
  }
}

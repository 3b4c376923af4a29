package dev.warren.pool;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Collects the outcomes of a job's calls, which arrive in any order, and makes the job's result of
 * them. Confined to one thread at a time.
 *
 * @param <R> type of the values
 * @param <T> type of the job's result
 */
interface OutcomeCollector<R extends @Nullable Object, T extends @Nullable Object> {

  /**
   * Makes room for outcomes below this index.
   *
   * @throws IllegalStateException if a list cannot hold that many
   * @throws OutOfMemoryError if there is not enough memory; what is stored is kept
   */
  void makeRoom(long size);

  /** Stores a value; there must be room for it. */
  void value(int index, R value);

  /**
   * Stores a failure; there must be room for it.
   *
   * @param failure creates the exception, which may run user code
   */
  void failure(int index, Supplier<Throwable> failure);

  /** Whether a failed call is part of the result instead of failing the job. */
  boolean keepsFailures();

  /** The result of {@code size} calls; nothing can be stored afterwards. */
  ResultState<T> result(int size);
}

package dev.warren.pool;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The result of a {@code forEach}: no values, or the failures with the lowest indexes. */
final class CompletionCollector implements OutcomeCollector<@Nullable Void, @Nullable Void> {
  private final FirstFailures failures = new FirstFailures();

  @Override
  public void makeRoom(long size) {
    if (size > Integer.MAX_VALUE - 8) {
      throw new IllegalStateException(
          "a forEach of " + size + " calls; at most 2147483639 are counted: use several");
    }
  }

  @Override
  public void value(int index, @Nullable Void value) {}

  @Override
  public void failure(int index, Supplier<Throwable> failure) {
    failures.add(index, failure);
  }

  @Override
  public boolean keepsFailures() {
    return false;
  }

  @Override
  @SuppressWarnings("NullAway") // null is the only value
  public ResultState<@Nullable Void> result(int size) {
    return failures.isEmpty()
        ? DecodedOutcome.<@Nullable Void>with(null)
        : new ResultState.Failed<>(failures.all());
  }
}

package dev.warren.pool;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The result of a {@code map}: all values, or the failures with the lowest indexes. */
final class ValueListCollector<R extends @Nullable Object> implements OutcomeCollector<R, List<R>> {
  private final MapValues<R> values;
  private final FirstFailures failures = new FirstFailures();

  ValueListCollector(long size) {
    values = new MapValues<>(size);
  }

  @Override
  public void makeRoom(long size) {
    values.makeRoom(size);
  }

  @Override
  public void value(int index, R value) {
    values.put(index, value);
  }

  @Override
  public void failure(int index, Supplier<Throwable> failure) {
    failures.add(index, failure);
  }

  @Override
  public boolean keepsFailures() {
    return false;
  }

  @Override
  public ResultState<List<R>> result(int size) {
    return failures.isEmpty()
        ? DecodedOutcome.with(values.list(size))
        : new ResultState.Failed<>(failures.all());
  }
}

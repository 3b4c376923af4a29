package dev.warren.pool;

import dev.warren.pool.engine.pending.LocalOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The result of a {@code mapOutcomes}: the value or failure of each call. */
final class OutcomeListCollector<R extends @Nullable Object>
    implements OutcomeCollector<R, List<Outcome<R>>> {
  // each a Value or a Failed; null for a call that failFast cancelled before it had an outcome
  private final MapValues<@Nullable Object> outcomes;

  OutcomeListCollector(long size) {
    outcomes = new MapValues<>(size);
  }

  private record Value(@Nullable Object value) {}

  private record Failed(Supplier<Throwable> failure) {}

  @Override
  public void makeRoom(long size) {
    outcomes.makeRoom(size);
  }

  @Override
  public void value(int index, R value) {
    outcomes.put(index, new Value(value));
  }

  @Override
  public void failure(int index, Supplier<Throwable> failure) {
    outcomes.put(index, new Failed(failure));
  }

  @Override
  public boolean keepsFailures() {
    return true;
  }

  @Override
  public ResultState<List<Outcome<R>>> result(int size) {
    outcomes.makeRoom(size);
    List<@Nullable Object> all = outcomes.list(size);
    return new ResultState.Later<>(
        () -> {
          List<Outcome<R>> list = new ArrayList<>(all.size());
          for (int i = 0; i < all.size(); i++) {
            list.add(outcome(i, all.get(i)));
          }
          return list;
        });
  }

  @SuppressWarnings({"unchecked", "NullAway"}) // only values of R are stored
  private static <R extends @Nullable Object> Outcome<R> outcome(
      int index, @Nullable Object stored) {
    if (stored instanceof Value value) {
      return new Outcome.Success<>(index, (R) value.value());
    }
    Throwable failure =
        stored instanceof Failed failed
            ? failed.failure().get()
            : Failures.of(LocalOutcome.CANCELLED, null, index);
    return new Outcome.Failure<>(
        index,
        failure instanceof RuntimeException known
            ? known
            : (RuntimeException) Failures.unreadable(failure));
  }
}

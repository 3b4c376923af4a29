package dev.warren.pool;

import dev.warren.task.Bounds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Refusals of arguments, each naming the argument, its value and the bound. */
final class Checks {
  private Checks() {}

  /** Returns what must not be null. */
  static <T> T given(String name, @Nullable T value) {
    if (value == null) {
      throw new IllegalArgumentException(name + " is null; it must be given");
    }
    return value;
  }

  /** Returns a chunk size that a user gave. */
  static int chunkSize(int chunkSize) {
    return Bounds.atLeast("chunkSize", chunkSize, 1);
  }

  /** A copy that may hold nulls. */
  @SuppressWarnings("unchecked") // what came out of a collection of T
  static <T extends @Nullable Object> List<T> snapshot(Collection<? extends T> items) {
    return new ArrayList<>((List<T>) Arrays.asList(items.toArray()));
  }
}

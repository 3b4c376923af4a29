package dev.warren.pool;

import dev.warren.task.Bounds;
import dev.warren.wire.FunctionRef;
import dev.warren.wire.WireFormatException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks arguments. Each exception names the argument, its value and the bound. Stateless. */
final class Checks {
  private Checks() {}

  /** Returns {@code value}, which must not be null. */
  static <T> T given(String name, @Nullable T value) {
    if (value == null) {
      throw new IllegalArgumentException(name + " is null; must not be null");
    }
    return value;
  }

  /** Checks a chunk size. */
  static int chunkSize(int chunkSize) {
    return Bounds.atLeast("chunkSize", chunkSize, 1);
  }

  /** Checks a function's name. */
  static FunctionRef function(String name) {
    try {
      return FunctionRef.parse(given("function", name), null);
    } catch (WireFormatException e) {
      throw new IllegalArgumentException("function: " + e.getMessage(), e);
    }
  }

  /** A copy that may contain nulls. */
  @SuppressWarnings("unchecked") // the elements come from a collection of T
  static <T extends @Nullable Object> List<T> snapshot(Collection<? extends T> items) {
    return new ArrayList<>((List<T>) Arrays.asList(items.toArray()));
  }
}

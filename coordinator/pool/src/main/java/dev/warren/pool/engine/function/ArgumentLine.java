package dev.warren.pool.engine.function;

import dev.warren.json.LineBuffer;
import org.jspecify.annotations.Nullable;

/** Converts an item to the arguments of a call. */
@FunctionalInterface
public interface ArgumentLine<T extends @Nullable Object> {

  /**
   * Appends the arguments to {@code line} as a JSON array.
   *
   * @throws IllegalArgumentException if this item cannot be sent; {@code line} is then unchanged
   */
  void write(ArgumentWriter writer, T item, LineBuffer line);
}

package dev.warren.pool.engine;

import dev.warren.wire.LineBuffer;
import org.jspecify.annotations.Nullable;

/** Makes an item a call's arguments. */
@FunctionalInterface
public interface ArgumentLine<T extends @Nullable Object> {

  /**
   * Writes them as a JSON array, behind what the buffer holds.
   *
   * @throws IllegalArgumentException where this item cannot be sent; the buffer is as before
   */
  void write(ArgumentWriter writer, T item, LineBuffer line);
}

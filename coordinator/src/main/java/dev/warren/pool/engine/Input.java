package dev.warren.pool.engine;

import dev.warren.wire.LineBuffer;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * The input of a job.
 *
 * @param items read on one thread at a time
 * @param size how many items there are; -1 where that is not known, which also means that reading
 *     may block
 * @param writer writes the arguments
 * @param arguments makes an item a call's arguments; its IllegalArgumentException refuses that call
 *     alone
 * @param close run once when nothing more is read
 */
public record Input<T extends @Nullable Object>(
    Iterator<? extends T> items,
    long size,
    ArgumentWriter writer,
    ArgumentLine<T> arguments,
    Runnable close) {

  /** Writes an item's arguments behind what the buffer holds. */
  void write(T item, LineBuffer line) {
    arguments.write(writer, item, line);
  }
}

package dev.warren.pool.engine.submit;

import dev.warren.json.LineBuffer;
import dev.warren.pool.engine.function.ArgumentLine;
import dev.warren.pool.engine.function.ArgumentWriter;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * The input of a job.
 *
 * @param items read by one thread at a time
 * @param size number of items; -1 if unknown, which also means that reading may block
 * @param writer writes the arguments
 * @param arguments converts an item to a call's arguments; its IllegalArgumentException rejects
 *     that call only
 * @param close run once when nothing more is read
 */
public record Input<T extends @Nullable Object>(
    Iterator<? extends T> items,
    long size,
    ArgumentWriter writer,
    ArgumentLine<T> arguments,
    Runnable close) {

  /** Appends an item's arguments to {@code line}. */
  public void write(T item, LineBuffer line) {
    arguments.write(writer, item, line);
  }
}

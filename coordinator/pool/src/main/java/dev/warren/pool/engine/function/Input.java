package dev.warren.pool.engine.function;

import dev.warren.json.LineBuffer;
import dev.warren.lifecycle.Logs;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

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
  private static final Logger log = Logs.of(Input.class);

  /**
   * Replaces the content of {@code line} by an item's arguments, which runs user code; returns the
   * failure, if any.
   */
  public @Nullable Throwable write(T item, LineBuffer line) {
    line.clear();
    try {
      arguments.write(writer, item, line);
      return null;
    } catch (Throwable e) {
      return e;
    }
  }

  /** Closes the input of this job, which runs user code; logs a failure. */
  public void close(String job) {
    try {
      close.run();
    } catch (Throwable e) {
      log.warn("closing the input of job {} failed", job, e);
    }
  }
}

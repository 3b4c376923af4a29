package dev.warren.trace;

import org.jspecify.annotations.Nullable;

/**
 * A span that has not ended. One that is never ended is forgotten. Times are nanoseconds since
 * 1970; 0 for now. Thread-safe.
 */
public interface TraceSpan {
  /** Its context, to be the parent of others. */
  TraceContext context();

  /** Something happened. */
  void event(String name, long epochNanos, @Nullable String text);

  /** Adds a fact. */
  void attribute(String name, String value);

  /**
   * It ends badly.
   *
   * @param type of the failure: few different values
   */
  void failed(String type, @Nullable String message);

  void end(long epochNanos);
}

package dev.warren.pool;

import dev.warren.task.Outcome;
import java.util.Iterator;

/**
 * Outcomes of calls by name, consumed one by one while the input is still being read; see {@link
 * Pool#json}. Must be used by one thread at a time; {@link #close()} and the counts are safe from
 * any thread.
 *
 * <p>A failed call is an item like any other. If the input itself throws, the outcomes of
 * everything read before come first, then that exception.
 */
public interface JsonOutcomes extends Iterator<JsonOutcomes.Item>, AutoCloseable {

  /**
   * The outcome of one call.
   *
   * @param index position of its arguments in the input, from 0
   * @param micros how long a child was busy with it, in microseconds: the mean of the calls that
   *     shared its message; -1 if no worker reported it
   * @param worker id of the worker that reported it; empty if none did
   */
  record Item(long index, Outcome outcome, long micros, String worker) {
    /** An outcome that no worker reported. */
    public Item(long index, Outcome outcome) {
      this(index, outcome, -1, "");
    }
  }

  /** Number of argument arrays read. */
  long read();

  /** Number of calls that have ended, consumed or not. */
  long ended();

  /** Whether the input has been read completely, so that {@link #read()} is the total. */
  boolean inputEnded();

  /**
   * Stops reading the input and cancels all calls that have not ended. Does not wait; idempotent.
   */
  @Override
  void close();
}

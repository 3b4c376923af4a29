package dev.warren.pool;

import dev.warren.task.Outcome;
import java.util.Iterator;

/**
 * Outcomes of calls by name, taken one by one while the input is still being read; see {@link
 * Pool#json}. To be used by one thread at a time; {@link #close()} and the counts are legal from
 * any.
 *
 * <p>A failed call is an item like any other. If the input itself throws, the outcomes of all that
 * was read before come first, then that exception.
 */
public interface JsonOutcomes extends Iterator<JsonOutcomes.Item>, AutoCloseable {

  /**
   * One call's end.
   *
   * @param index position of its arguments in the input, from 0
   */
  record Item(long index, Outcome outcome) {}

  /** How many argument arrays have been read. */
  long read();

  /** How many calls have ended, taken or not. */
  long ended();

  /** Whether the input has been read to its end, so that {@link #read()} is the total. */
  boolean inputEnded();

  /** Reads no more input and cancels what has not ended. Does not wait; idempotent. */
  @Override
  void close();
}

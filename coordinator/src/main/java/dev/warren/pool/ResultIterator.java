package dev.warren.pool;

import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Results of an {@code imap}, taken one by one while the input is still being read. To be used by
 * one thread at a time; {@link #close()} is legal from any.
 *
 * <p>A failed call throws its exception from the {@code next} that its result would have come from,
 * and iteration may go on after it. If the input itself throws, the results of all that was read
 * before come first, then that exception, then the end. Where its pool is terminated, {@code next}
 * throws {@link PoolTerminatedException} for each call that had not ended, then the end comes.
 */
public interface ResultIterator<R extends @Nullable Object> extends Iterator<R>, AutoCloseable {

  /**
   * Whether a {@code next} would give a result or throw a failure; waits until that is known.
   *
   * @throws PoolInterruptedException if interrupted while waiting; the flag is set again
   */
  @Override
  boolean hasNext();

  /**
   * The next result; waits for it.
   *
   * @throws TaskFailedException if that call failed
   * @throws NoSuchElementException at the end, and ever after
   * @throws PoolInterruptedException if interrupted while waiting; the flag is set again, nothing
   *     is lost or cancelled
   */
  @Override
  R next();

  /**
   * As {@link #next()}, waiting no longer than that; zero or less only looks.
   *
   * @throws TimeoutException if it has not come by then; it is not lost, a later call gets it
   */
  R next(Duration timeout) throws TimeoutException;

  /**
   * Reads no more input and cancels what has not ended; {@code next} then finds the end. Does not
   * wait, except for a {@code close} of the input. Idempotent.
   */
  @Override
  void close();
}

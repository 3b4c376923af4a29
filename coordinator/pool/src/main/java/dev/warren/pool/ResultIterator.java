package dev.warren.pool;

import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Results of an {@code imap}, consumed one by one while the input is still being read. Must be used
 * by one thread at a time; {@link #close()} is safe from any thread.
 *
 * <p>A failed call throws its exception from the {@code next} that would have returned its result;
 * iteration may continue after it. If the input itself throws, the results of everything read
 * before come first, then that exception, then the end. If the pool is terminated, {@code next}
 * throws {@link PoolTerminatedException} for each call that had not ended, then comes the end.
 */
public interface ResultIterator<R extends @Nullable Object> extends Iterator<R>, AutoCloseable {

  /**
   * Whether {@code next} would return a result or throw a failure; waits until that is known.
   *
   * @throws PoolInterruptedException if interrupted while waiting; the interrupt flag is set again
   */
  @Override
  boolean hasNext();

  /**
   * Waits for the next result and returns it.
   *
   * @throws TaskFailedException if that call failed
   * @throws NoSuchElementException at the end
   * @throws PoolInterruptedException if interrupted while waiting; the interrupt flag is set again,
   *     nothing is lost or cancelled
   */
  @Override
  R next();

  /**
   * Like {@link #next()}, with a maximum wait; zero or less does not wait.
   *
   * @throws TimeoutException if it has not arrived within {@code timeout}; it is not lost, a later
   *     call returns it
   */
  R next(Duration timeout) throws TimeoutException;

  /**
   * Stops reading the input and cancels all calls that have not ended; {@code next} then reaches
   * the end. Does not wait, except for the input's own {@code close}. Idempotent.
   */
  @Override
  void close();
}

package dev.warren.pool;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The result of a submitted call, or of a whole map. It always ends: with a value, with a {@link
 * TaskFailedException}, or cancelled. Thread-safe.
 *
 * <p>If a callback was given, the result becomes ready only once that callback has returned. Inside
 * callbacks of the pool it is ready as soon as the outcome has arrived, so that a callback cannot
 * deadlock by waiting for its own result.
 */
public interface AsyncResult<R extends @Nullable Object> extends Future<R> {

  /**
   * Waits for the end and returns the value. May be called repeatedly and from any thread. Inside a
   * call of the same pool, use a timeout ({@link Pool} explains why).
   *
   * @throws ExecutionException wrapping the {@link TaskFailedException}, the same each time;
   *     wrapping the input's own exception if a map's input failed
   * @throws CancellationException if it was cancelled
   * @throws InterruptedException if interrupted while waiting; nothing is cancelled
   */
  @Override
  R get() throws InterruptedException, ExecutionException;

  /**
   * Like {@link #get()}, with a maximum wait; zero or less does not wait.
   *
   * @throws TimeoutException if it has not ended within {@code timeout}; nothing is cancelled
   */
  @Override
  R get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException;

  /**
   * Like {@link #get()}, with a maximum wait; zero or less does not wait.
   *
   * @throws TimeoutException if it has not ended within {@code timeout}; nothing is cancelled
   */
  default R get(Duration timeout)
      throws InterruptedException, ExecutionException, TimeoutException {
    return get(nanos(timeout), TimeUnit.NANOSECONDS);
  }

  /**
   * Waits up to {@code timeout} until the result has ended in any way; returns false on timeout.
   *
   * @throws PoolInterruptedException if interrupted; the interrupt flag is set again
   */
  boolean await(Duration timeout);

  /** Whether it has ended in any way. */
  boolean ready();

  /**
   * Whether it ended with a value.
   *
   * @throws IllegalStateException if it has not ended
   */
  boolean successful();

  /**
   * Ends this result as cancelled, immediately. Calls that have not started will not start; a
   * running call is interrupted and, {@link Pool#CANCEL_GRACE} later, its child is killed. Its
   * outcome is discarded.
   *
   * @param mayInterruptIfRunning false to let running calls finish; their outcome is discarded
   * @return true if this call ended the result; false if it had already ended
   */
  @Override
  boolean cancel(boolean mayInterruptIfRunning);

  /**
   * What became of the work after a {@link #cancel} that ended this result, once known; {@link
   * CancelEffect#NOT_CANCELLED} if the result ends in any other way. Always completes. For a map it
   * summarizes the calls that had not ended when it was cancelled: STOPPED if any was stopped, else
   * UNKNOWN if any is unknown, else FINISHED if any finished, else NEVER_STARTED.
   */
  CompletableFuture<CancelEffect> cancelEffect();

  /** What became of a cancelled call. */
  enum CancelEffect {
    /** It did not start and never will. */
    NEVER_STARTED,
    /** It was running and was stopped: it reacted to its interrupt, or its child was killed. */
    STOPPED,
    /** It finished before it could be stopped, or was allowed to finish. */
    FINISHED,
    /** It was not ended by a cancel. */
    NOT_CANCELLED,
    /** Unknown: its host was lost, or the pool was released first. */
    UNKNOWN
  }

  /** Same as {@link #ready()}. */
  @Override
  default boolean isDone() {
    return ready();
  }

  /**
   * A future that completes like this result, directly with the {@link TaskFailedException} for a
   * failure; cancelling it cancels this result. Dependent stages run on the pool's callback thread
   * and must not block for long.
   */
  CompletableFuture<R> toCompletableFuture();

  private static long nanos(Duration timeout) {
    try {
      return timeout.toNanos();
    } catch (ArithmeticException tooLong) {
      return timeout.isNegative() ? 0 : Long.MAX_VALUE;
    }
  }
}

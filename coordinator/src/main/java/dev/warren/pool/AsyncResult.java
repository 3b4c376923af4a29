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
 * What a submitted call, or a whole map, will have come to. It always ends: with a value, with a
 * {@link TaskFailedException}, or cancelled. Thread-safe.
 *
 * <p>Where a callback was given, the result counts as ready only once that callback has returned;
 * inside callbacks of the pool, as soon as the outcome is there, so that nothing can wait for
 * itself.
 */
public interface AsyncResult<R extends @Nullable Object> extends Future<R> {

  /**
   * Waits for the end and gives the value; may be called often and from any thread. Inside a call
   * of the same pool wait with a timeout ({@link Pool} says why).
   *
   * @throws ExecutionException around the {@link TaskFailedException}, the same each time; around
   *     the input's own exception where a map's input failed
   * @throws CancellationException if it was cancelled
   * @throws InterruptedException if interrupted while waiting; nothing is cancelled by that
   */
  @Override
  R get() throws InterruptedException, ExecutionException;

  /**
   * As {@link #get()}, waiting no longer than that; zero or less only looks.
   *
   * @throws TimeoutException if it has not ended by then; nothing is cancelled by that
   */
  @Override
  R get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException;

  /**
   * As {@link #get()}, waiting no longer than that; zero or less only looks.
   *
   * @throws TimeoutException if it has not ended by then; nothing is cancelled by that
   */
  default R get(Duration timeout)
      throws InterruptedException, ExecutionException, TimeoutException {
    return get(nanos(timeout), TimeUnit.NANOSECONDS);
  }

  /**
   * Waits for the end, whatever it is, no longer than that; says whether it is there.
   *
   * @throws PoolInterruptedException if interrupted; the flag is set again
   */
  boolean await(Duration timeout);

  /** Whether it has ended, one way or the other. */
  boolean ready();

  /**
   * Whether it ended with a value.
   *
   * @throws IllegalStateException if it has not ended
   */
  boolean successful();

  /**
   * Ends it as cancelled, at once and here. Calls that have not started never will; a running one
   * is interrupted and, {@link Pool#CANCEL_GRACE} later, its child is killed. What it comes to is
   * dropped.
   *
   * @param mayInterruptIfRunning false to leave running calls alone; their outcome is dropped
   * @return true if this call ended it; false if it had ended
   */
  @Override
  boolean cancel(boolean mayInterruptIfRunning);

  /**
   * What became of the work after a {@link #cancel} that ended this, once that is known: {@link
   * CancelEffect#NOT_CANCELLED} if it ends otherwise. Always completes. Of a map it tells of the
   * calls that had not ended when it was cancelled: STOPPED if any of them was, else UNKNOWN if
   * that is true of any, else FINISHED if any came to its own end, else NEVER_STARTED.
   */
  CompletableFuture<CancelEffect> cancelEffect();

  /** What became of a cancelled call. */
  enum CancelEffect {
    /** It was not started and never will be. */
    NEVER_STARTED,
    /** It was running and was stopped: it gave in to its interrupt, or its child was killed. */
    STOPPED,
    /** It came to its own end before it could be stopped, or was left alone. */
    FINISHED,
    /** It ended by itself, not by a cancel. */
    NOT_CANCELLED,
    /** Nobody told: its host was lost, or the pool was released first. */
    UNKNOWN
  }

  /** Same as {@link #ready()}. */
  @Override
  default boolean isDone() {
    return ready();
  }

  /**
   * A view that ends as this does, with the {@link TaskFailedException} itself for a failure;
   * cancelling it cancels this. What is chained to it runs on the pool's callback thread, and must
   * not block for long.
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

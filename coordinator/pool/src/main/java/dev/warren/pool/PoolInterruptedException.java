package dev.warren.pool;

/**
 * The thread was interrupted while it was blocked in a method of the pool other than {@link
 * java.util.concurrent.Future}'s own. Its interrupt flag is set again. Calls that the thread was
 * waiting for in {@code apply}, {@code map} or {@code starmap} have been cancelled.
 */
public final class PoolInterruptedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception; whoever throws it has set the interrupt flag. */
  public PoolInterruptedException(String message, InterruptedException cause) {
    super(message, cause);
  }
}

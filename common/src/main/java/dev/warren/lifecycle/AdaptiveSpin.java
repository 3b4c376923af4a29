package dev.warren.lifecycle;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Spins briefly before parking (adaptive spin-then-park), yielding the processor to any other
 * thread that wants it. Called by the waiting thread; thread-safe.
 *
 * <p>Waking a thread on an idle processor costs more than a short call, up to 20 µs on virtual
 * machines. A waiter that spins needs no wake-up, and keeps the other threads of a call's path on
 * warm processors.
 *
 * <p>Long waits cost next to nothing: after each spin that fails, twice as many waits park at once,
 * up to {@value #MAX_SLEPT_THROUGH}.
 */
public final class AdaptiveSpin {
  static final int MAX_SLEPT_THROUGH = 256;

  private final TimeSource time;
  private final long longestNanos;
  // number of waits that park at once: now, and after the next failed spin. If two threads change
  // them at the same time, the only effect is one spin too many or too few.
  private final AtomicInteger sleepThrough = new AtomicInteger();
  private final AtomicInteger afterNext = new AtomicInteger(1);

  /**
   * Creates a spinner with no history.
   *
   * @param longest maximum time to spin
   * @param processors processors of this process; with a single one, spinning would only delay the
   *     other threads, so it is disabled
   */
  public AdaptiveSpin(TimeSource time, Duration longest, int processors) {
    this.time = time;
    this.longestNanos = processors < 2 ? 0 : longest.toNanos();
  }

  /** Creates a spinner with no history, for the processors of this process. */
  public static AdaptiveSpin of(TimeSource time, Duration longest) {
    return new AdaptiveSpin(time, longest, Runtime.getRuntime().availableProcessors());
  }

  /**
   * Spins, if recent waits were short. Returns true if the awaited condition holds, false if the
   * caller must park.
   */
  @SuppressWarnings("ThreadPriorityCheck") // correctness does not depend on it
  public <E extends Exception> boolean spinUntil(Look<E> look) throws E {
    if (longestNanos == 0) {
      return false;
    }
    if (sleepThrough.get() > 0) {
      sleepThrough.decrementAndGet();
      return false;
    }
    long start = time.nanos();
    do {
      if (look.hasCome()) {
        afterNext.set(1);
        return true;
      }
      Thread.yield();
    } while (time.nanos() - start < longestNanos);
    int missed = afterNext.get();
    sleepThrough.set(missed);
    afterNext.set(Math.min(2 * missed, MAX_SLEPT_THROUGH));
    return false;
  }

  /** Checks the awaited condition. */
  @FunctionalInterface
  public interface Look<E extends Exception> {
    boolean hasCome() throws E;
  }
}

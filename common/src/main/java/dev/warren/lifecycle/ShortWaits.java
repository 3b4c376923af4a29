package dev.warren.lifecycle;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Has a thread that waits look out for what it waits for, for a moment, before it sleeps. To wake a
 * thread on an idle processor costs more than a short call does, 20 µs on some virtual machines;
 * while one looks out there is one wake less, and the other threads of a call's walk are not woken
 * on idle processors either. Whoever else wants the processor gets it.
 *
 * <p>Waits that turn out longer cost nothing to speak of: after each that does, twice as many are
 * slept through at once, up to {@value #MOST_SLEPT_THROUGH}. Thread-safe.
 */
public final class ShortWaits {
  static final int MOST_SLEPT_THROUGH = 256;

  private final TimeSource time;
  private final long longestNanos;
  // waits that are to be slept through now, and after the next one that turns out longer; two
  // threads that change them at once cost a look-out
  private final AtomicInteger sleepThrough = new AtomicInteger();
  private final AtomicInteger afterNext = new AtomicInteger(1);

  /**
   * None so far.
   *
   * @param longest how long to look out
   * @param processors of this process; where there is one, whoever looks out is in the way, and
   *     nobody does
   */
  public ShortWaits(TimeSource time, Duration longest, int processors) {
    this.time = time;
    this.longestNanos = processors < 2 ? 0 : longest.toNanos();
  }

  /** None so far, on the processors of this process. */
  public static ShortWaits of(TimeSource time, Duration longest) {
    return new ShortWaits(time, longest, Runtime.getRuntime().availableProcessors());
  }

  /** Looks out, if that is worth while; says whether it has come. */
  @SuppressWarnings("ThreadPriorityCheck") // nothing relies on the yield: it is for others' sake
  public <E extends Exception> boolean lookOut(Look<E> look) throws E {
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
    afterNext.set(Math.min(2 * missed, MOST_SLEPT_THROUGH));
    return false;
  }

  /** One look. */
  @FunctionalInterface
  public interface Look<E extends Exception> {
    boolean hasCome() throws E;
  }
}

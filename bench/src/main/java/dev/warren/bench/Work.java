package dev.warren.bench;

import java.util.concurrent.locks.LockSupport;

/** The functions that are measured: nothing, and a millisecond of work. */
public final class Work {
  private Work() {}

  /** The number itself. */
  public static int same(int number) {
    return number;
  }

  /** Keeps a processor busy for a millisecond. */
  public static int busyMillisecond(int number) {
    long end = System.nanoTime() + 1_000_000;
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    return number;
  }

  /** Waits a millisecond without using a processor. */
  public static int idleMillisecond(int number) {
    LockSupport.parkNanos(1_000_000);
    return number;
  }
}

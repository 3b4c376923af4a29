package dev.warren.bench.harness;

import java.util.concurrent.locks.LockSupport;

/** The measured functions. */
public final class Work {
  private static final long MILLISECOND = 1_000_000;

  private Work() {}

  /** Returns the number itself. */
  public static int same(int number) {
    return number;
  }

  /** Keeps a processor busy for a millisecond. */
  public static int busyMillisecond(int number) {
    long end = System.nanoTime() + MILLISECOND;
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    return number;
  }

  /** Waits {@code millis} milliseconds without using a processor. */
  public static int idle(int millis) {
    long end = System.nanoTime() + millis * MILLISECOND;
    for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
    return millis;
  }

  /** Returns the id of the process that runs the call. */
  public static long pid(int number) {
    return ProcessHandle.current().pid();
  }
}

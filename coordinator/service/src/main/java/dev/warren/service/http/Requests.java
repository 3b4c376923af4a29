package dev.warren.service.http;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.lifecycle.TimeSource;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Counts the requests that are being answered, so that a stop can wait for them. Thread-safe. */
final class Requests {
  @GuardedBy("this")
  private int running;

  // volatile: set once, under the lock; read without it by answers that wait
  private volatile boolean stopping;

  /** Counts a request; returns false if the server is stopping. */
  synchronized boolean begin() {
    if (stopping) {
      return false;
    }
    running++;
    return true;
  }

  synchronized void end() {
    running--;
    notifyAll();
  }

  /** Whether no further request is accepted. */
  boolean isStopping() {
    return stopping;
  }

  /** Accepts no further request, and waits for those that are running, at most {@code limit}. */
  synchronized void stop(Duration limit) throws InterruptedException {
    stopping = true;
    long left = limit.toNanos();
    while (running > 0 && left > 0) {
      long before = TimeSource.SYSTEM.nanos();
      TimeUnit.NANOSECONDS.timedWait(this, left);
      left -= TimeSource.SYSTEM.nanos() - before;
    }
  }
}

package dev.warren.pool.engine.threads;

import dev.warren.lifecycle.Logs;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;

/**
 * Runs a step on the calling thread, but never on two threads at once and never recursively: a call
 * during a run makes the running thread repeat the step. Thread-safe, lock-free.
 */
public final class Drain {
  private static final Logger log = Logs.of(Drain.class);

  private final Runnable step;
  private final AtomicInteger wanted = new AtomicInteger();

  public Drain(Runnable step) {
    this.step = step;
  }

  public void run() {
    if (wanted.getAndIncrement() != 0) {
      return;
    }
    int seen = 1;
    do {
      try {
        step.run();
      } catch (RuntimeException | Error e) {
        log.error("a step of the pool failed; later ones still run", e);
      }
      seen = wanted.addAndGet(-seen);
    } while (seen != 0);
  }
}

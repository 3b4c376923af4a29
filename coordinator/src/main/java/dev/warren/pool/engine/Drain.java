package dev.warren.pool.engine;

import dev.warren.lifecycle.Logs;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;

/**
 * Runs a step on the thread that wants it, never on two threads at once and never inside itself:
 * who comes while it runs leaves it to the one who runs it, who runs it again. Thread-safe, without
 * locks.
 */
final class Drain {
  private static final Logger log = Logs.of(Drain.class);

  private final Runnable step;
  private final AtomicInteger wanted = new AtomicInteger();

  Drain(Runnable step) {
    this.step = step;
  }

  void run() {
    if (wanted.getAndIncrement() != 0) {
      return;
    }
    int seen = 1;
    do {
      try {
        step.run();
      } catch (RuntimeException | Error e) {
        log.error("a step of the pool failed; the next ones go on", e);
      }
      seen = wanted.addAndGet(-seen);
    } while (seen != 0);
  }
}

package dev.warren.pool.engine.pending;

import dev.warren.lifecycle.Logs;
import dev.warren.task.Payload;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;

/**
 * What is done for a call, or for a job, when the ordinary way has failed, usually because memory
 * ran out: it is tried again while the memory is missing. The calling thread waits meanwhile, which
 * holds back work that would need more memory.
 */
public final class LastResort {
  private static final Logger log = Logs.of(LastResort.class);

  /** Attempts, with a pause between. */
  private static final int ATTEMPTS = 600;

  private static final long PAUSE_NANOS = 100_000_000L;

  private LastResort() {}

  /**
   * Ends a call. Allocates nothing itself.
   *
   * @param line the failure; created in advance
   * @param why what failed
   */
  public static void end(Receiver receiver, long index, Payload line, Throwable why) {
    Throwable latest = why;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        receiver.outcome(index, line);
        logged("an outcome or a call could not be passed on; the call fails", why);
        return;
      } catch (RuntimeException | Error e) {
        latest = e;
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
    logged("an outcome or a call could not be passed on, and the call could not be ended", latest);
  }

  /**
   * Runs the action until it succeeds, for at least a minute. Allocates nothing itself.
   *
   * @param action receives {@code why}
   * @param why what failed before
   */
  public static void repeat(Consumer<Throwable> action, Throwable why) {
    Throwable latest = why;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        action.accept(why);
        logged("a job could not be continued; it fails", why);
        return;
      } catch (RuntimeException | Error e) {
        latest = e;
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
    logged("a job could not be continued, and could not be ended", latest);
  }

  private static void logged(String what, Throwable why) {
    try {
      log.error(what, why);
    } catch (OutOfMemoryError e) {
      // what matters has been done
    }
  }
}

package dev.warren.pool.engine.threads;

import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.NamedThreads;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;

/**
 * The threads of one engine, except the callback thread: one timer, one thread that decodes the
 * results of maps, and threads on demand for reading input and for decoding that may block. All are
 * daemons. An action that throws is logged, and its thread continues. Thread-safe.
 */
public final class EngineThreads {
  private static final Logger log = Logs.of(EngineThreads.class);

  private final ScheduledExecutorService timer = NamedThreads.timer("pool-timer");
  private final ExecutorService feeders = NamedThreads.elastic("pool-feeder");
  private final ExecutorService results = NamedThreads.single("pool-results");
  private final ExecutorService decoders = NamedThreads.elastic("pool-decoder");

  /** Runs the action on the timer's thread after the delay; never, if they are shut down then. */
  public void later(Runnable action, long delay, TimeUnit unit) {
    try {
      var unused = timer.schedule(() -> guarded(action), delay, unit);
    } catch (RejectedExecutionException e) {
      log.trace("released; the action is dropped", e);
    }
  }

  /** Runs the action on the timer's thread again and again, until the shutdown. */
  public void every(long millis, Runnable action) {
    var unused =
        timer.scheduleWithFixedDelay(() -> guarded(action), millis, millis, TimeUnit.MILLISECONDS);
  }

  /** Runs the action on a thread that may block. */
  public void onFeeder(Runnable action) {
    execute(feeders, action);
  }

  /** Runs the action on the one thread that decodes the results of maps. */
  public void decode(Runnable action) {
    execute(results, action);
  }

  /** Creates a decoder with a separate thread while it has work, which may run user code. */
  public Decoding newDecoding() {
    return new Decoding(action -> execute(decoders, action));
  }

  /** Drops delayed actions; work that was handed over still runs, and so does later work. */
  public void shutdown() {
    timer.shutdownNow();
    feeders.shutdown();
    results.shutdown();
    decoders.shutdown();
  }

  /** Runs the action on the executor; after the shutdown, on a new thread. */
  private static void execute(ExecutorService executor, Runnable action) {
    try {
      executor.execute(() -> guarded(action));
    } catch (RejectedExecutionException e) {
      log.trace("released; running the action on a new thread", e);
      var unused = NamedThreads.start("pool-late", () -> guarded(action));
    }
  }

  /** Runs the action on the calling thread and logs what it throws. */
  public static void guarded(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException | Error e) {
      log.error("an action of the pool failed; the pool continues", e);
    }
  }
}

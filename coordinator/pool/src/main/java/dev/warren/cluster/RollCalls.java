package dev.warren.cluster;

import dev.warren.lifecycle.TimeSource;

/**
 * Asks all workers at once what they hold, instead of waiting for several of their regular
 * heartbeats. Confined to one thread at a time.
 *
 * <p>For maintainers: the task queue was empty before the workers are asked. A worker reads the
 * question on the connection on which it receives tasks, so its answer names every task that the
 * broker had sent it before, with two exceptions: a task that one worker returns and another
 * receives between their answers, and a redelivered task, which a worker names only when it has
 * asked the others, up to 8 s later. So a task is missing only if it is not named in two roll calls
 * that are further apart than that.
 */
public final class RollCalls {
  /** Minimum time between two roll calls. */
  private static final long PAUSE = 9_000_000_000L;

  private final Runnable ask;
  private final WorkerRegistry registry;
  private final TimeSource time;
  private boolean open;
  private long askedNanos;
  // when the last two completed roll calls began; equal while there was only one
  private long lastNanos;
  private long lastButOneNanos;
  private int completed;

  /**
   * Creates an instance that has not asked yet.
   *
   * @param ask asks all workers for a heartbeat
   */
  public RollCalls(Runnable ask, WorkerRegistry registry, TimeSource time) {
    this.ask = ask;
    this.registry = registry;
    this.time = time;
  }

  /**
   * Called while a task may be missing: notes answers, and asks again.
   *
   * @param consumers number of workers that consume the task queue
   */
  void look(int consumers) {
    long now = time.nanos();
    if (open && registry.live() >= consumers && registry.allHeardSince(askedNanos)) {
      open = false;
      lastButOneNanos = lastNanos;
      lastNanos = askedNanos;
      completed++;
    }
    if (completed == 0 ? !open : !open && now - askedNanos > PAUSE) {
      open = true;
      askedNanos = now;
      ask.run();
    }
  }

  /** Whether all workers have answered twice since then. */
  boolean twiceSince(long nanos) {
    return completed >= 2 && lastButOneNanos - nanos > 0;
  }
}

package dev.warren.worker;

import dev.warren.broker.Broker;
import java.time.Duration;

/**
 * A running worker: takes tasks from its pool's queue, has children run their calls, sends the
 * outcomes. Thread-safe. The broker is the caller's: it is neither opened nor closed here.
 */
public final class Worker implements AutoCloseable {

  private Worker() {}

  /** Starts its children and begins to consume; returns without waiting for the children. */
  public static Worker start(WorkerConfig config, Broker broker, WorkerListener listener) {
    return new Worker();
  }

  /**
   * Begins to drain: no new tasks, unstarted ones are handed back at once, running calls may end
   * within the configured grace, and are then handed back. Does not wait; idempotent.
   */
  public void drain() {}

  /** Hands back everything now, without grace; kills the children. Does not wait; idempotent. */
  public void stop() {}

  /**
   * Waits until a drain or stop has ended, all is settled and no child is left; says whether so.
   */
  public boolean awaitStopped(Duration limit) throws InterruptedException {
    return true;
  }

  /** {@link #stop()}, and waits for its end. */
  @Override
  public void close() {}
}

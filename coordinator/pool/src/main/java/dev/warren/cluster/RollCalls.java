package dev.warren.cluster;

import dev.warren.broker.Broker;
import dev.warren.cluster.Echoes.Echo;
import dev.warren.lifecycle.TimeSource;
import dev.warren.wire.Message;
import org.jspecify.annotations.Nullable;

/**
 * Proves that a task is missing when its outcome may wait in the results queue, behind those of a
 * whole night: asks all workers at once what they hold, and reads the results queue up to an echo.
 * Confined to one thread at a time, except {@link #echoed}.
 *
 * <p>For maintainers: the task queue was empty before the workers are asked. A worker reads the
 * question on the connection on which it receives tasks, so its answer names every task that the
 * broker had sent it before, with two exceptions: a task that one worker returns and another
 * receives between their answers, and a redelivered task, which a worker names only when it has
 * asked the others, up to 8 s later. So a task is missing only if it is not named in two roll calls
 * that are further apart than that. A worker holds a task until the broker has confirmed its
 * outcome, so the outcome of a task that was not named is in the results queue before an echo that
 * is sent after the answers. An echo also proves that no earlier coordinator, frozen and still
 * connected, holds results that it has not acknowledged.
 */
public final class RollCalls {
  /** Minimum time between two roll calls. */
  private static final long PAUSE = 9_000_000_000L;

  private final Runnable ask;
  private final WorkerRegistry registry;
  private final TimeSource time;
  private final Echoes echoes;
  private boolean open;
  private long askedNanos;
  private int completed;
  // when the last roll call but one began, and when the last one was complete
  private long lastNanos;
  private long lastButOneNanos;
  private long answeredNanos;
  private @Nullable Echo echo;
  // everything in the results queue before this time has been received
  private @Nullable Long drainedNanos;

  /**
   * Creates an instance that has not asked yet.
   *
   * @param ask asks all workers for a heartbeat
   * @param results the results queue
   */
  public RollCalls(
      Runnable ask, Broker broker, String results, WorkerRegistry registry, TimeSource time) {
    this.ask = ask;
    this.registry = registry;
    this.time = time;
    this.echoes = new Echoes(broker, results);
  }

  /** Handles an echo from the results queue. Thread-safe. */
  public void echoed(Message message) {
    echoes.came(message);
  }

  /**
   * Called while a task may be missing: notes answers, and asks again.
   *
   * @param consumers number of consumers of the task queue
   */
  void look(int consumers) {
    long now = time.nanos();
    if (open && registry.live() >= consumers && registry.allHeardSince(askedNanos)) {
      open = false;
      lastButOneNanos = lastNanos;
      lastNanos = askedNanos;
      answeredNanos = now;
      completed++;
    }
    if (!open && (completed == 0 || now - askedNanos > PAUSE)) {
      open = true;
      askedNanos = now;
      ask.run();
    }
    lookForEcho(now);
  }

  private void lookForEcho(long now) {
    Echo sent = echo;
    if (sent != null && sent.state() == Echoes.State.BACK) {
      drainedNanos = sent.sentNanos();
    }
    if (sent == null || !sent.isOut()) {
      echo = echoes.send(now);
    }
  }

  /**
   * Whether a task that nobody has named, and that was in no queue, since then is missing.
   *
   * @param patience after this time without an outcome, workers that have not answered are not
   *     waited for
   */
  boolean prove(long since, long patience) {
    boolean twice = completed >= 2 && lastButOneNanos - since > 0 && isDrained(answeredNanos);
    return twice || isDrained(since + patience);
  }

  private boolean isDrained(long nanos) {
    return drainedNanos != null && drainedNanos - nanos > 0;
  }
}

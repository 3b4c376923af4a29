package dev.warren.worker.consume.redelivery;

import dev.warren.broker.Broker;
import dev.warren.broker.Route;
import dev.warren.lifecycle.EventLoop;
import dev.warren.lifecycle.Logs;
import dev.warren.task.FailureKind;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.TaskMessage;
import dev.warren.wire.control.SupersededMessage;
import dev.warren.worker.consume.send.Republisher;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;

/**
 * Retries tasks whose worker was lost, until their budget of host losses is used up. Confined to
 * the loop.
 *
 * <p>For maintainers: it is unknown which of a worker's calls killed it, so all of them are
 * charged. To avoid failing innocent calls, the last two attempts split the task, the last one into
 * single calls, and a worker holds only one such task at a time. Both are expensive, so earlier
 * attempts do without. A task that was lost before starts only once the tasks that arrived with it
 * are confirmed in the queue: if the worker dies while one is being published, the queue has it
 * twice, and it is charged again.
 */
public final class HostLossRecovery {
  private static final Logger log = Logs.of(HostLossRecovery.class);

  /** With this many attempts left or fewer, a task runs in isolation. */
  private static final int LAST_TRIES = 2;

  /** Number of parts for an isolated task; the last attempt consists of single calls. */
  private static final int PARTS = 8;

  /** Wait for further tasks to arrive before a lost task starts; also how often this is checked. */
  private static final int PAUSE_MS = 20;

  /** Maximum such wait of a task that need not run in isolation. */
  private static final long PATIENCE_NANOS = 2_000_000_000L;

  /** Minimum delay of a task that must run in isolation while another one does. */
  private static final int AWAY_MS = 300;

  /** Time between deferred tasks, so that each is alone when it comes back. */
  private static final int SPACING_MS = 30;

  private static final int LONGEST_AWAY_MS = 60_000;

  private final Broker broker;
  private final EventLoop loop;
  private final Republisher republisher;
  private long lastBack;

  public HostLossRecovery(Broker broker, EventLoop loop, Republisher republisher) {
    this.broker = broker;
    this.loop = loop;
    this.republisher = republisher;
  }

  /** Whether the calls of the task end with this loss. */
  public static boolean isOneTooMany(TaskMessage task) {
    return task.options().atMostOnce() || triesLeft(task, task.counts()) == 1;
  }

  private static int triesLeft(TaskMessage task, TaskMessage.Counts counts) {
    return Math.max(0, task.options().hostLost() - counts.hostLosses()) + 1;
  }

  /** Returns the failure of a task's calls when its host is lost once more. */
  public static RemoteFailure failure(TaskMessage task) {
    int losses = task.counts().hostLosses() + 1;
    String message =
        "the host that held it was lost "
            + losses
            + (losses == 1 ? " time" : " times")
            + (task.options().atMostOnce() ? "; it must not be started twice" : "");
    return RemoteFailure.of(FailureKind.HOST_LOST, message, task.counts().attempt())
        .withDetails(Map.of("lossCount", losses));
  }

  /**
   * Publishes the task's calls again with one more loss and tells their owner; then runs {@code
   * done}.
   */
  public void tryAgain(TaskMessage task, Runnable done) {
    TaskMessage.Counts counts = task.counts().hostLost();
    log.info(
        "task {} ({} calls of {}) was on a lost host or connection; loss {} of {}",
        task.id(),
        task.count(),
        task.function().shortName(),
        counts.hostLosses(),
        task.options().hostLost());
    int parts = parts(task, triesLeft(task, counts));
    Countdown all = new Countdown(parts, () -> tellOwner(task, counts.hostLosses(), done));
    for (int i = 0; i < parts; i++) {
      int from = (int) ((long) task.count() * i / parts);
      int to = (int) ((long) task.count() * (i + 1) / parts);
      republisher.publish(republisher.part(task, from, to, counts, 0), all::down);
    }
  }

  private static int parts(TaskMessage task, int triesLeft) {
    if (triesLeft > LAST_TRIES) {
      return 1;
    }
    return triesLeft == 1 ? task.count() : Math.min(PARTS, task.count());
  }

  /**
   * Tells the owner that the new attempt is in the queue, so that a stale failure of the old
   * attempt, from a worker that only seemed lost, does not end the calls. Must come after the
   * publish: the owner would wait forever for an attempt that was never published.
   */
  private void tellOwner(TaskMessage task, int hostLosses, Runnable done) {
    String owner = task.owner();
    if (owner == null || !task.numbered()) {
      done.run();
      return;
    }
    SupersededMessage moved =
        new SupersededMessage(task.id() + ".moved" + hostLosses, task.calls(), hostLosses);
    broker
        .publish(Route.toQueue(owner), moved.toMessage())
        .whenComplete(
            (receipt, failure) -> {
              if (failure != null) {
                log.warn(
                    "owner {} was not notified of a moved task: {}", owner, failure.getMessage());
              }
              loop.post(done);
            });
  }

  /** Whether this task has been lost so often that it must run in isolation. */
  public static boolean runsInIsolation(TaskMessage task) {
    return task.counts().hostLosses() > 0 && triesLeft(task, task.counts()) <= LAST_TRIES;
  }

  /**
   * Defers an isolated task, uncharged, while this worker holds another; then runs {@code done}.
   */
  public void putOff(TaskMessage task, Runnable done) {
    long now = TimeUnit.NANOSECONDS.toMillis(loop.now());
    long next = Math.max(lastBack + SPACING_MS, now + AWAY_MS);
    lastBack = Math.min(next, now + LONGEST_AWAY_MS);
    republisher.publish(
        republisher.part(task, 0, task.count(), task.counts(), lastBack - now), done);
  }

  /**
   * Runs {@code start} once everything that this worker puts back is confirmed.
   *
   * @param putBack whether that is the case now
   */
  public void whenPutBack(TaskMessage task, BooleanSupplier putBack, Runnable start) {
    whenPutBack(
        putBack, runsInIsolation(task) ? Long.MAX_VALUE : PATIENCE_NANOS, loop.now(), start);
  }

  private void whenPutBack(BooleanSupplier putBack, long patience, long since, Runnable start) {
    loop.after(
        PAUSE_MS,
        () -> {
          if (putBack.getAsBoolean() || loop.now() - since > patience) {
            loop.after(PAUSE_MS, start); // leaves time for the acknowledgements to be sent
          } else {
            whenPutBack(putBack, patience, since, start);
          }
        });
  }

  /** Runs an action after a number of steps. Confined to the loop. */
  private static final class Countdown {
    private final Runnable action;
    private int left;

    Countdown(int steps, Runnable action) {
      this.left = steps;
      this.action = action;
    }

    void down() {
      if (--left == 0) {
        action.run();
      }
    }
  }
}

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
 * What becomes of tasks whose worker was lost: tried again until they have used up what they are
 * allowed. Confined to the loop.
 *
 * <p>For maintainers: nobody can tell which of the calls that a worker held has killed it, so all
 * are charged. That none of them is given up for another's deed takes two things, which cost
 * something and are therefore left to the last two tries: parts, single calls in the end; and that
 * a worker holds one such task at a time, so that two that have come this far together part ways.
 * Any task that was lost before is begun only when those that came with it are safely back in the
 * queue: what is on its way there when a worker dies is there twice, and charged again.
 */
public final class HostLossRecovery {
  private static final Logger log = Logs.of(HostLossRecovery.class);

  /** So many tries before its end, or fewer, a task is held with no other of its kind. */
  private static final int LAST_TRIES = 2;

  /** Into how many parts it is cut then; the last try is of single calls. */
  private static final int PARTS = 8;

  /** How long others have to arrive before a lost task is begun; how often this is looked at. */
  private static final int PAUSE_MS = 20;

  /** A task that has more tries left does not wait for longer. */
  private static final long PATIENCE_NANOS = 2_000_000_000L;

  /** How long one that finds another stays away at least. */
  private static final int AWAY_MS = 300;

  /** How far apart those that stay away come back, so that each finds the other gone. */
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

  /** Whether its calls end with this loss. */
  public static boolean isOneTooMany(TaskMessage task) {
    return task.options().atMostOnce() || triesLeft(task, task.counts()) == 1;
  }

  private static int triesLeft(TaskMessage task, TaskMessage.Counts counts) {
    return Math.max(0, task.options().hostLost() - counts.hostLosses()) + 1;
  }

  /** The failure of a task's calls when their host is lost once more. */
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

  /** Puts its calls back with one loss more and tells their owner; then runs {@code done}. */
  public void tryAgain(TaskMessage task, Runnable done) {
    TaskMessage.Counts counts = task.counts().hostLost();
    log.info(
        "task {} ({} calls of {}) comes from a lost host or connection; loss {} of {}",
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
   * The new attempt is in the queue; its owner is told, so that what a worker that only seemed dead
   * says of the old one does not end the calls as failed. In this order: an owner that waits for an
   * attempt which is nowhere would wait for ever.
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
                log.warn("owner {} was not told of a moved task: {}", owner, failure.getMessage());
              }
              loop.post(done);
            });
  }

  /** Whether this task has been lost so often that a worker holds no other of its kind. */
  public static boolean isApart(TaskMessage task) {
    return task.counts().hostLosses() > 0 && triesLeft(task, task.counts()) <= LAST_TRIES;
  }

  /** Puts such a task off, uncharged, as this worker holds another; then runs {@code done}. */
  public void putOff(TaskMessage task, Runnable done) {
    long now = TimeUnit.NANOSECONDS.toMillis(loop.now());
    long next = Math.max(lastBack + SPACING_MS, now + AWAY_MS);
    lastBack = Math.min(next, now + LONGEST_AWAY_MS);
    republisher.publish(
        republisher.part(task, 0, task.count(), task.counts(), lastBack - now), done);
  }

  /**
   * Runs {@code start} once all that this worker puts back is safely there.
   *
   * @param putBack whether that is so now
   */
  public void whenPutBack(TaskMessage task, BooleanSupplier putBack, Runnable start) {
    whenPutBack(putBack, isApart(task) ? Long.MAX_VALUE : PATIENCE_NANOS, loop.now(), start);
  }

  private void whenPutBack(BooleanSupplier putBack, long patience, long since, Runnable start) {
    loop.after(
        PAUSE_MS,
        () -> {
          if (putBack.getAsBoolean() || loop.now() - since > patience) {
            loop.after(PAUSE_MS, start); // the acknowledgements are on their way, too
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

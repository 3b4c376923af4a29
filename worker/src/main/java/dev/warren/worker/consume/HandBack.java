package dev.warren.worker.consume;

import dev.warren.broker.Delivery;
import dev.warren.wire.TaskMessage;
import dev.warren.worker.consume.send.Republisher;
import dev.warren.worker.supervise.Supervisor;
import java.util.List;

/**
 * Gives back to the broker, uncharged, what this worker does not run: calls that no child has
 * started, and tasks that must wait or are for others. Confined to the loop.
 */
final class HandBack {
  /**
   * Maximum number of messages into which handed-back calls are split for other workers to share.
   */
  private static final int SHARES = 64;

  private final Republisher republisher;
  private final HeldTasks tasks;
  private final OwnerClocks clocks;
  private int unanswered;

  HandBack(Republisher republisher, HeldTasks tasks, OwnerClocks clocks) {
    this.republisher = republisher;
    this.tasks = tasks;
    this.clocks = clocks;
  }

  /**
   * Puts a task back for another worker or, with a delay left, through the delay ladder; settles
   * its delivery once the broker has confirmed.
   */
  void putBack(TaskMessage task, Delivery delivery) {
    republisher.publish(
        republisher.part(task, 0, task.count(), task.counts(), clocks.delayMillis(task)),
        settling(task, delivery));
  }

  /** Publishes a redelivered task again, still as one that another worker may hold. */
  void defer(Delivery delivery, boolean soon) {
    unanswered++;
    republisher.deferRedelivery(
        delivery.message(),
        soon,
        () -> {
          unanswered--;
          delivery.ack();
        });
  }

  /**
   * Returns an action that settles a task, to run once the broker has confirmed what replaces it;
   * until then this worker is not idle.
   */
  Runnable settling(TaskMessage task, Delivery delivery) {
    unanswered++;
    return () -> {
      unanswered--;
      tasks.addSettled(task.id());
      delivery.ack();
    };
  }

  /** Whether the broker has confirmed all tasks that were put back or replaced. */
  boolean isConfirmed() {
    return unanswered == 0;
  }

  /** Hands calls back, in few messages. */
  void whole(List<Supervisor.Handback> calls) {
    giveBack(calls, 1);
  }

  /** Hands calls back in messages so small that many workers can share them. */
  void inParts(List<Supervisor.Handback> calls) {
    giveBack(calls, SHARES);
  }

  private void giveBack(List<Supervisor.Handback> calls, int shares) {
    for (Supervisor.Handback part : calls) {
      HeldTask held = (HeldTask) part.work();
      for (int from = part.from(); from < part.to(); from++) {
        int to = from;
        while (to < part.to() && held.tryEnd(to)) {
          to++;
        }
        if (to > from) {
          giveBack(held, from, to, held.task().serial() ? 1 : Math.min(shares, to - from));
          from = to;
        }
      }
    }
  }

  private void giveBack(HeldTask held, int from, int to, int shares) {
    TaskMessage task = held.task();
    held.givesBack();
    held.history().handedBack(from, to);
    for (int share = 0; share < shares; share++) {
      int first = from + (int) ((long) (to - from) * share / shares);
      int last = from + (int) ((long) (to - from) * (share + 1) / shares);
      republisher.publish(
          republisher.part(task, first, last, task.counts(), 0), () -> held.settled(first, last));
    }
  }
}

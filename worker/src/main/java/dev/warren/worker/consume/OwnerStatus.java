package dev.warren.worker.consume;

import dev.warren.lifecycle.BoundedMap;
import dev.warren.lifecycle.EventLoop;
import dev.warren.lifecycle.Logs;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.TaskMessage;
import dev.warren.wire.control.CancelMessage;
import dev.warren.worker.history.HistoryEvent;
import dev.warren.worker.supervise.Supervisor;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * Which outcomes owners still want: an owner may cancel calls, or be gone. Ends such calls of held
 * tasks, and remembers them for tasks that arrive later. Confined to the loop.
 */
final class OwnerStatus {
  private static final Logger log = Logs.of(OwnerStatus.class);

  /** How long an owner whose queue was missing is considered gone without asking again. */
  private static final long GONE_FOR_NANOS = 5_000_000_000L;

  private final EventLoop loop;
  private final Supervisor supervisor;
  private final HeldTasks tasks;
  private final Cancellations cancellations = new Cancellations();
  private final BoundedMap<String, Long> goneOwners =
      BoundedMap.byAge(
          Cancellations.OVER_BYTES, (owner, since) -> BoundedMap.textBytes(owner) + Long.BYTES);

  OwnerStatus(EventLoop loop, Supervisor supervisor, HeldTasks tasks) {
    this.loop = loop;
    this.supervisor = supervisor;
    this.tasks = tasks;
  }

  /** The owner's results queue does not exist: drops all its calls. */
  void gone(String owner) {
    if (goneOwners.put(owner, loop.now()) == null) {
      // a terminated owner has sent its cancellation before its queue was deleted
      log.atLevel(cancellations.wholly(owner) ? Level.DEBUG : Level.WARN)
          .log("owner {} is gone; its calls are dropped", owner);
    }
    for (HeldTask held : tasks.ownedBy(owner)) {
      for (int index = 0; index < held.task().count(); index++) {
        held.fail(index, cancelled(held.task()));
      }
    }
  }

  /** An owner cancels calls: those that have not been started end, the others are interrupted. */
  void cancel(CancelMessage cancel) {
    cancellations.add(cancel.owner(), cancel.calls());
    for (HeldTask held : tasks.ownedBy(cancel.owner())) {
      TaskMessage task = held.task();
      for (int index = 0; index < task.count(); index++) {
        boolean meant =
            cancel.calls() == null
                || cancellations.contains(cancel.owner(), task.calls().get(index));
        if (meant && !held.ended(index)) {
          if (supervisor.cancel(held, index, cancel.graceMillis())) {
            held.history().add(HistoryEvent.CANCELLED, index, "while a child held it");
          } else {
            held.fail(index, cancelled(task));
          }
        }
      }
    }
  }

  /** Ends those calls of a new task that were cancelled before it arrived. */
  void endCancelled(HeldTask held) {
    TaskMessage task = held.task();
    if (cancellations.any(task.owner())) {
      for (int index = 0; index < task.count(); index++) {
        if (cancellations.contains(task.owner(), task.calls().get(index))) {
          held.fail(index, cancelled(task));
        }
      }
    }
  }

  /** Whether the outcomes are unwanted: the owner is gone or has cancelled all its calls. */
  boolean isUnwanted(TaskMessage task) {
    String owner = task.owner();
    if (owner == null) {
      return false;
    }
    Long since = goneOwners.get(owner);
    boolean gone = since != null && loop.now() - since < GONE_FOR_NANOS;
    if (since != null && !gone) {
      goneOwners.remove(owner);
    }
    return gone || cancellations.wholly(owner);
  }

  private static RemoteFailure cancelled(TaskMessage task) {
    return RemoteFailure.cancelledUnstarted(
        "cancelled before it was started", task.counts().attempt());
  }
}

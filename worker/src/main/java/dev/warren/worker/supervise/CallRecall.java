package dev.warren.worker.supervise;

import dev.warren.lifecycle.EventLoop;
import dev.warren.task.RemoteFailure;
import dev.warren.worker.link.CallMark;
import dev.warren.worker.link.ReturnedHeader;
import dev.warren.worker.supervise.calls.CallTimes;
import dev.warren.worker.supervise.calls.CallsInHand;
import dev.warren.worker.supervise.calls.TaskCalls;
import java.util.List;

/**
 * Makes children return calls that were given ahead and would wait behind a long one; they go to
 * any free child, here or in another worker. If no other child could run them they stay, so that
 * they run in the order of their arrival. Confined to the loop.
 */
final class CallRecall {
  /** Calls do not wait behind one that has been running for longer than this. */
  private static final long LONG_CALL_MICROS = 5_000;

  private static final long LOOK_AGAIN_MS = 10;

  private final int slots;
  private final ChildRegistry registry;
  private final CallTimes times;
  private final Dispatcher dispatcher;
  private final EventLoop loop;

  CallRecall(
      int slots, ChildRegistry registry, CallTimes times, Dispatcher dispatcher, EventLoop loop) {
    this.slots = slots;
    this.registry = registry;
    this.times = times;
    this.dispatcher = dispatcher;
    this.loop = loop;
  }

  /** The child reports that this call of {@code work} has been running for some time. */
  void running(Child child, CallMark mark, TaskCalls work) {
    boolean others = slots > 1 && !work.task().serial();
    if (!others || child.calls.count() < 2 || !child.withdraws()) {
      return;
    }
    double patienceMicros = Math.max(LONG_CALL_MICROS, 2 * times.usual(work.functionName()));
    loop.after(
        Math.max(0, (long) (patienceMicros - mark.ranMicros()) / 1000),
        () -> withdraw(child, mark, work.settingsKey()));
  }

  /**
   * Withdraws once a child is free: while all are busy, the calls would only move from one queue to
   * another.
   */
  private void withdraw(Child child, CallMark mark, String settingsKey) {
    if (!child.calls.isRunning(mark) || child.calls.count() < 2) {
      return;
    }
    if (dispatcher.anyFree(settingsKey)) {
      child.withdraw();
    } else {
      loop.after(LOOK_AGAIN_MS, () -> withdraw(child, mark, settingsKey));
    }
  }

  /** Whether a child holds calls behind one that has been running for more than {@code micros}. */
  boolean anyQueuedBehind(long micros) {
    long now = loop.now();
    return registry.all().stream().anyMatch(child -> isBehind(child, micros, now));
  }

  /**
   * Asks children to return calls behind ones that have been running for more than {@code micros}.
   */
  void withdrawBehind(long micros) {
    long now = loop.now();
    for (Child child : registry.all()) {
      if (isBehind(child, micros, now)) {
        child.withdraw();
      }
    }
  }

  private static boolean isBehind(Child child, long micros, long now) {
    return child.withdraws() && child.calls.waitBehind(micros, now);
  }

  /** Puts the returned calls at the front of the queue, except those cancelled in the meantime. */
  void returned(Child child, ReturnedHeader header) {
    CallsInHand.Returned returned = child.returned(header);
    TaskCalls work = returned.waiting().work();
    for (int index : returned.cancelled()) {
      String message = "cancelled before it was started";
      int attempt = work.task().counts().attempt();
      work.fail(index, RemoteFailure.cancelledUnstarted(message, attempt));
    }
    int to = returned.waiting().to();
    work.history().returned(returned.waiting().from(), to, "child " + child.name + " gave it back");
    dispatcher.addFirst(List.of(returned.waiting()));
  }
}

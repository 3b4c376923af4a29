package dev.warren.worker.supervise;

import dev.warren.lifecycle.EventLoop;
import dev.warren.task.FailureKind;
import dev.warren.task.RemoteFailure;
import dev.warren.worker.config.KillReason;
import dev.warren.worker.config.RecycleReason;
import dev.warren.worker.supervise.calls.CallTimes;
import dev.warren.worker.supervise.calls.TaskCalls;
import dev.warren.worker.supervise.calls.WaitingCalls;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Assigns waiting calls to children, first come, first served, except that calls that run again
 * precede all others. Confined to the loop.
 *
 * <p>At most {@code slots} children hold calls at once. An idle child is given calls before one
 * that holds some; short calls are given ahead, as many as {@link CallTimes} allows; nothing is
 * given to a child behind a long-running call.
 */
final class Dispatcher {
  /**
   * Maximum number of segments without a suitable child before the rest of the queue is left for
   * the next round.
   */
  private static final int MAX_BLOCKED = 64;

  /** After this long without any child, calls take over a child bound to other settings. */
  private static final long PATIENCE_NANOS = 1_000_000_000L;

  private static final String OTHER_SETTINGS = "bound to the settings of another pool";

  private final int slots;
  private final ChildRegistry registry;
  private final CallTimes times;
  private final InitializerHealth initializers;
  private final EventLoop loop;
  private final ArrayDeque<WaitingCalls> queue = new ArrayDeque<>();
  private long round;
  private long frontSince;
  // when a call was last assigned, or when the queue became non-empty
  private long progress;

  Dispatcher(
      int slots,
      ChildRegistry registry,
      CallTimes times,
      InitializerHealth initializers,
      EventLoop loop) {
    this.slots = slots;
    this.registry = registry;
    this.times = times;
    this.initializers = initializers;
    this.loop = loop;
  }

  /** Adds a segment at the end; calls that run again go behind the others of their kind only. */
  void add(WaitingCalls waiting) {
    if (queue.isEmpty()) {
      frontSince = loop.now();
      progress = frontSince;
    }
    if (!waiting.work().isRequeued()) {
      queue.addLast(waiting);
      return;
    }
    ArrayDeque<WaitingCalls> before = new ArrayDeque<>();
    while (!queue.isEmpty() && queue.getFirst().work().isRequeued()) {
      before.addLast(queue.removeFirst());
    }
    queue.addFirst(waiting);
    while (!before.isEmpty()) {
      queue.addFirst(before.removeLast());
    }
  }

  /** Adds segments at the front, in this order. */
  void addFirst(List<WaitingCalls> allWaiting) {
    if (queue.isEmpty()) {
      progress = loop.now();
    }
    for (int i = allWaiting.size() - 1; i >= 0; i--) {
      queue.addFirst(allWaiting.get(i));
    }
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }

  int callsWaiting() {
    return queue.stream().mapToInt(WaitingCalls::count).sum();
  }

  List<WaitingCalls> takeAll() {
    List<WaitingCalls> all = new ArrayList<>(queue);
    queue.clear();
    return all;
  }

  /** Microseconds since a call was last assigned although some wait; 0 if none waits. */
  long stalledMicros() {
    return queue.isEmpty() ? 0 : (loop.now() - progress) / 1000;
  }

  /** Microseconds that the slots would need for all waiting calls, estimated from recent times. */
  long backlogMicros() {
    double total = 0;
    for (WaitingCalls waiting : queue) {
      total += waiting.count() * times.average(waiting.work().functionName());
    }
    return (long) (total / slots);
  }

  /**
   * Removes the calls that would wait for more than {@code micros}, estimated from recent times; of
   * a serial task either all calls or none.
   */
  List<WaitingCalls> takeBeyond(long micros) {
    List<WaitingCalls> taken = new ArrayList<>();
    double room = (double) micros * slots;
    for (int left = queue.size(); left > 0; left--) {
      WaitingCalls waiting = queue.removeFirst();
      double each = Math.max(0.1, times.average(waiting.work().functionName()));
      int kept = (int) Math.min(waiting.count(), room / each);
      if (waiting.work().task().serial() && (kept > 0 || waiting.from() > 0)) {
        kept = waiting.count();
      }
      room = Math.max(0, room - kept * each); // a serial task may exceed the room
      if (kept > 0) {
        queue.addLast(
            new WaitingCalls(
                waiting.work(), waiting.from(), waiting.from() + kept, waiting.alone()));
      }
      if (kept < waiting.count()) {
        taken.add(waiting.startingAt(waiting.from() + kept));
      }
    }
    return taken;
  }

  /** Returns the settings of the first calls that have fewer children than slots; null for none. */
  @Nullable String wantedSettings() {
    long now = loop.now();
    String last = null;
    for (WaitingCalls waiting : queue) {
      String key = waiting.work().settingsKey();
      if (!key.equals(last) && bound(key) < slots && initializers.mayTry(key, now)) {
        return key;
      }
      last = key;
    }
    return null;
  }

  private int bound(String key) {
    int bound = 0;
    for (Child child : registry.all()) {
      bound += child.present() && child.boundTo(key) ? 1 : 0;
    }
    return bound;
  }

  /** Assigns all calls that can be assigned now. */
  void dispatch() {
    round++;
    int blocked = 0;
    WaitingCalls stuck = null;
    for (int left = queue.size(); left > 0; left--) {
      WaitingCalls next = queue.removeFirst();
      WaitingCalls rest = stuck != null && next.waitsLike(stuck) ? next : place(next);
      if (rest.isEmpty()) {
        frontSince = blocked == 0 ? loop.now() : frontSince;
        continue;
      }
      stuck = rest;
      queue.addLast(rest);
      if (++blocked == MAX_BLOCKED) {
        bringBehind(left - 1);
        return;
      }
    }
  }

  /** Restores the order: segments that were not examined precede those that were. */
  private void bringBehind(int notLookedAt) {
    for (int i = 0; i < notLookedAt; i++) {
      queue.addLast(queue.removeFirst());
    }
  }

  /** Assigns as much of the segment as children accept; returns the rest. */
  private WaitingCalls place(WaitingCalls waiting) {
    WaitingCalls rest = waiting.skipEnded();
    TaskCalls work = rest.work();
    long now = loop.now();
    if (!rest.isEmpty() && refused(rest, now)) {
      return rest.startingAt(rest.to());
    }
    while (!rest.isEmpty()) {
      Child child = pick(rest);
      if (child == null) {
        makeRoomFor(work.settingsKey(), now);
        return rest;
      }
      int max = Math.min(depth(rest, child.withdraws()) - child.calls.count(), child.callsLeft());
      int count = rest.runnable(Math.max(1, max));
      child.refilledIn = round;
      child.give(work, rest.from(), rest.from() + count, rest.alone(), now);
      times.waited(now - work.arrived(), count);
      work.history().given(rest.from(), rest.from() + count, child.name, now);
      Recycling recycling = child.recycling();
      if (recycling != null) {
        work.childRecycles(rest.from() + count - 1, recycling.text());
      }
      progress = now;
      rest = rest.startingAt(rest.from() + count).skipEnded();
    }
    return rest;
  }

  /**
   * Ends calls that must not start: expired ones, and those whose children cannot be initialised.
   */
  private boolean refused(WaitingCalls waiting, long now) {
    TaskCalls work = waiting.work();
    RemoteFailure failure = initializers.refusal(work.settingsKey(), now).orElse(null);
    if (work.hasExpired()) {
      failure =
          RemoteFailure.of(
              FailureKind.EXPIRED, "not started before its expiry", work.task().counts().attempt());
    }
    if (failure == null) {
      return false;
    }
    for (int index = waiting.from(); index < waiting.to(); index++) {
      if (!work.ended(index)) {
        work.fail(index, failure);
      }
    }
    return true;
  }

  /**
   * Returns the child to give calls to: preferably an idle one, otherwise one with room for short
   * calls.
   */
  private @Nullable Child pick(WaitingCalls waiting) {
    TaskCalls work = waiting.work();
    boolean serial = work.task().serial();
    int depthForGood = depth(waiting, false);
    int depthWithdrawing = depth(waiting, true);
    Child idle = null;
    Child best = null;
    int busy = 0;
    for (Child child : registry.all()) {
      busy += child.idle() ? 0 : 1;
      int depth = child.withdraws() ? depthWithdrawing : depthForGood;
      if (serial && child.calls.holds(work)) {
        return child.takesCalls() && hasRoom(child, depth) ? child : null;
      }
      if (!child.takesCalls() || !child.boundTo(work.settingsKey())) {
        continue;
      }
      if (child.idle()) {
        idle = idle == null ? child : idle;
      } else if (!waiting.alone()
          && hasRoom(child, depth)
          && (best == null || child.calls.count() < best.calls.count())) {
        best = child;
      }
    }
    return idle != null && busy < slots ? idle : best;
  }

  /** Whether a child bound to these settings is idle and a slot is free for it. */
  boolean anyFree(String settingsKey) {
    int busy = 0;
    boolean free = false;
    for (Child child : registry.all()) {
      busy += child.idle() ? 0 : 1;
      free |= child.idle() && child.takesCalls() && child.boundTo(settingsKey);
    }
    return free && busy < slots;
  }

  /**
   * Maximum number of calls that a child may hold. An at-most-once call never waits behind a call
   * for which its child may be killed.
   */
  private int depth(WaitingCalls waiting, boolean withdraws) {
    return waiting.alone() || waiting.work().task().options().atMostOnce()
        ? 1
        : times.depth(waiting.work().functionName(), withdraws);
  }

  /**
   * Whether a child has room: it is refilled when half empty, and then completely, so that one
   * write carries many calls; never behind a long call.
   */
  private boolean hasRoom(Child child, int depth) {
    int count = child.calls.count();
    return depth > 1
        && (child.refilledIn == round ? count < depth : count * 2 <= depth)
        && !child.calls.holdsAlone()
        && !child.calls.inLongCall();
  }

  /**
   * Makes room for calls whose settings found no child. If these settings have less than their
   * share of the children, a child bound to other settings leaves: an idle one, or one whose
   * settings have more than their share, or, if these calls have no child and have waited for long,
   * any ready one. A child that is running its initializer is killed, unless calls for it wait
   * within their share: otherwise a pool with a hanging initializer could keep all children from
   * the others.
   */
  private void makeRoomFor(String key, long now) {
    if (!anyBoundToOthers(key)) {
      return;
    }
    Map<String, Integer> bound = boundPresent(key);
    int have = bound.getOrDefault(key, 0);
    Set<String> waitingKeys = new HashSet<>(Set.of(key));
    queue.forEach(waiting -> waitingKeys.add(waiting.work().settingsKey()));
    int share = Math.max(1, slots / waitingKeys.size());
    if (have >= share) {
      return;
    }
    boolean impatient = have == 0 && now - frontSince > PATIENCE_NANOS;
    Child ready = null;
    Child initialising = null;
    for (Child child : registry.all()) {
      String its = child.settingsKey();
      if (!child.present() || its == null || its.equals(key)) {
        continue;
      }
      boolean spared = waitingKeys.contains(its) && bound.getOrDefault(its, 0) <= share;
      if (!child.takesCalls()) {
        initialising = spared ? initialising : child;
      } else if ((!spared || impatient) && (ready == null || child.idle())) {
        ready = child;
      }
    }
    if (ready != null) {
      registry.recycle(ready, new Recycling(RecycleReason.OTHER_SETTINGS, OTHER_SETTINGS));
    } else if (initialising != null) {
      initialising.kill(KillReason.OTHER_SETTINGS, OTHER_SETTINGS);
    }
  }

  private boolean anyBoundToOthers(String key) {
    for (Child child : registry.all()) {
      String its = child.settingsKey();
      if (child.present() && its != null && !its.equals(key)) {
        return true;
      }
    }
    return false;
  }

  /** Number of children per settings; those that are not bound yet count for {@code key}. */
  private Map<String, Integer> boundPresent(String key) {
    Map<String, Integer> bound = new HashMap<>();
    for (Child child : registry.all()) {
      String its = child.settingsKey();
      if (child.present()) {
        bound.merge(its == null ? key : its, 1, Integer::sum);
      }
    }
    return bound;
  }
}

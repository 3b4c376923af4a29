package dev.warren.worker.supervise;

import dev.warren.lifecycle.EventLoop;
import dev.warren.lifecycle.Logs;
import dev.warren.wire.control.Heartbeat;
import dev.warren.worker.config.WorkerEvent;
import dev.warren.worker.link.CallMark;
import dev.warren.worker.meter.ChildrenNow;
import dev.warren.worker.meter.WorkerMeters;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;

/** The existing children, oldest first; recycles them. Confined to the loop. */
final class ChildRegistry {
  private static final Logger log = Logs.of(Supervisor.class);

  private final EventLoop loop;
  private final Consumer<WorkerEvent> listener;
  private final WorkerMeters meters;
  private final Map<String, Child> children = new LinkedHashMap<>();
  private final ChildSlots slots;
  private long recycled;

  ChildRegistry(
      EventLoop loop, Consumer<WorkerEvent> listener, ChildSlots slots, WorkerMeters meters) {
    this.loop = loop;
    this.listener = listener;
    this.slots = slots;
    this.meters = meters;
  }

  /** Counts what happens to children. */
  WorkerMeters meters() {
    return meters;
  }

  void add(Child child) {
    children.put(child.name, child);
    slots.added(child);
  }

  /** Removes the child. Returns false if it was not registered. */
  boolean remove(Child child) {
    if (children.remove(child.name) == null) {
      return false;
    }
    slots.removed(child);
    return true;
  }

  boolean contains(Child child) {
    return children.containsKey(child.name);
  }

  boolean isEmpty() {
    return children.isEmpty();
  }

  /** A live view; must not be changed during iteration. */
  Collection<Child> all() {
    return children.values();
  }

  /** A copy, for iterations that may add or remove children. */
  List<Child> copy() {
    return List.copyOf(children.values());
  }

  /** Process ids, at most {@link Heartbeat#MAX_CHILDREN}. */
  List<Long> pids() {
    return children.values().stream()
        .map(Child::pid)
        .filter(pid -> pid > 0)
        .limit(Heartbeat.MAX_CHILDREN)
        .toList();
  }

  int busy() {
    int busy = 0;
    for (Child child : children.values()) {
      busy += child.idle() ? 0 : 1;
    }
    return busy;
  }

  boolean anyReady() {
    return children.values().stream().anyMatch(child -> child.state() == Child.State.READY);
  }

  /** Whether any child is ready, or waits for its first settings. */
  boolean anyUsable() {
    return anyReady() || children.values().stream().anyMatch(ChildRegistry::awaitsCalls);
  }

  private static boolean awaitsCalls(Child child) {
    boolean started = child.state() == Child.State.READY || child.state() == Child.State.BLANK;
    return started && child.present() && child.idle();
  }

  /** Whether a child is idle and accepts calls. */
  boolean anyIdle() {
    return children.values().stream().anyMatch(child -> child.takesCalls() && child.idle());
  }

  /** Number of children that have been recycled, including those that are leaving. */
  long recycled() {
    return recycled;
  }

  ChildSlots slots() {
    return slots;
  }

  int callsInHand() {
    return children.values().stream().mapToInt(child -> child.calls.count()).sum();
  }

  /** Recycles the child after the calls it holds. */
  void recycle(Child child, Recycling why) {
    child.recycleAfterCalls(why);
    CallMark first = child.calls.first();
    if (first != null) {
      child
          .calls
          .held(first.task())
          .ifPresent(work -> work.childRecycles(first.index(), why.text()));
    }
    leaveIfDue(child);
  }

  /** Sends QUIT to a child that is marked for recycling and holds no calls. */
  void leaveIfDue(Child child) {
    Recycling why = child.recycling();
    if (why == null || !child.idle() || child.state() != Child.State.READY) {
      return;
    }
    log.info("recycling child {} (pid {}): {}", child.name, child.pid(), why.text());
    recycled++;
    meters.slotVacant(anyIdle());
    tell(new WorkerEvent.ChildRecycled(child.name, child.pid(), why.reason(), why.text()));
    child.quit(loop.now());
  }

  /**
   * Shows the present state.
   *
   * @param backlogMicros time that the slots need for the waiting calls
   */
  void show(int slots, long backlogMicros) {
    int ready = 0;
    List<Long> pids = new ArrayList<>(children.size());
    for (Child child : children.values()) {
      ready += awaitsCalls(child) ? 1 : 0;
      if (child.pid() > 0) {
        pids.add(child.pid());
      }
    }
    meters.show(new ChildrenNow(busy(), ready, slots, List.copyOf(pids), backlogMicros));
  }

  /** Calls the listener; an exception of it is only logged. */
  void tell(WorkerEvent event) {
    try {
      listener.accept(event);
    } catch (RuntimeException e) {
      log.warn("a listener failed; the worker continues", e);
    }
  }

  @Override
  public String toString() {
    long ready = children.values().stream().filter(c -> c.state() == Child.State.READY).count();
    return busy() + " busy of " + ready + " ready children, " + callsInHand() + " calls in hand";
  }
}

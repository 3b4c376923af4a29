package dev.warren.worker.consume.redelivery;

import dev.warren.broker.Broker;
import dev.warren.broker.Delivery;
import dev.warren.broker.PoolNames;
import dev.warren.broker.Route;
import dev.warren.lifecycle.BoundedMap;
import dev.warren.lifecycle.EventLoop;
import dev.warren.lifecycle.Logs;
import dev.warren.wire.TaskMessage;
import dev.warren.wire.control.ControlLimits;
import dev.warren.wire.control.OwnershipQuery;
import dev.warren.worker.consume.send.Republisher;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.slf4j.Logger;

/**
 * Redelivered tasks, until it is known whether the worker that had them is lost or has only lost
 * its connection. Confined to the loop.
 *
 * <p>For maintainers: the broker reports neither case, so we ask the other workers. If one still
 * holds the task, it keeps it: the message is deferred through a delay queue, under its own id, and
 * asked about again until that worker has settled the task and says so, or stops answering. If no
 * worker answers in time, the worker that had it is considered lost. The time is short while the
 * connections here have lasted, and longer after a reconnect, since then the broker was unreachable
 * for all workers and others may not have reconnected.
 *
 * <p>A worker that dies may have held a thousand tasks, and one that receives them may hold two. So
 * only some are held until the others have answered; the rest are deferred and decided when they
 * come back, here or on any worker that received the question.
 */
public final class RedeliveryArbiter {
  private static final Logger log = Logs.of(RedeliveryArbiter.class);

  /** How long to wait for an answer. */
  static final long PATIENCE_NANOS = 2_000_000_000L;

  /** The same, counted from a reconnect: the back-off between attempts is up to 6.5 s. */
  static final long AFTER_RECONNECT_NANOS = 8_000_000_000L;

  private static final long ASK_EVERY_MS = 500;

  /**
   * Maximum size of the table of deferred suspects, about 20,000; beyond it they are asked about
   * again.
   */
  private static final long AWAY_BYTES = 5 << 20;

  /**
   * Maximum number of ids in one list of a message: three such lists of the longest ids fit into
   * it.
   */
  private static final int IDS_TOLD = ControlLimits.BODY_BYTES / (3 * (ControlLimits.NAME + 10));

  /** The backlog is over if no deferred suspect has come for this long: one round and a margin. */
  private static final long CROWD_NANOS = (Republisher.ROUND_MS + 1000) * 1_000_000;

  private final Broker broker;
  private final Route control;
  private final EventLoop loop;
  private final String supervisor;
  private final Decisions decisions;
  private final Map<String, Suspect> waiting = new LinkedHashMap<>();
  // deferred suspects, and when their worker is considered lost if none answers
  private final BoundedMap<String, Long> away =
      BoundedMap.byAge(AWAY_BYTES, (id, until) -> BoundedMap.textBytes(id) + Long.BYTES);
  // to be sent to the other workers after this round
  private final List<String> asked = new ArrayList<>();
  private final List<String> held = new ArrayList<>();
  private final List<String> settled = new ArrayList<>();
  private long sequence;
  private long reconnected;
  private boolean ticking;
  private boolean redeliveryBacklog;
  private long crowdCame;

  /** What happens to a suspect; each ends in one of these ways. */
  public interface Decisions {
    /** The worker that had it is considered lost. */
    void lost(TaskMessage task, Delivery delivery);

    /** Undecided: it must be deferred. */
    void later(Delivery delivery);

    /** A backlog (more suspects than may be held) has begun or has ended. */
    void redeliveryBacklog(boolean much);

    /** Another worker has settled it. */
    void settledElsewhere(Delivery delivery);
  }

  public RedeliveryArbiter(
      Broker broker, PoolNames names, EventLoop loop, String supervisor, Decisions decisions) {
    this.broker = broker;
    this.control = new Route(names.control(), "");
    this.loop = loop;
    this.supervisor = supervisor;
    this.decisions = decisions;
    this.reconnected = loop.now() - AFTER_RECONNECT_NANOS;
    loop.afterRound(this::tell);
  }

  /**
   * Adds a redelivered task.
   *
   * @param room maximum number of arbiter to hold here
   */
  public void add(TaskMessage task, Delivery delivery, int room) {
    Suspect before = waiting.get(task.id());
    if (before != null && before.delivery.live()) {
      delivery.ack(); // a second copy
      return;
    }
    Long known = away.get(task.id());
    long until = known == null ? patience() : known;
    if (loop.now() - until >= 0) {
      away.remove(task.id());
      decisions.lost(task, delivery);
    } else if (waiting.size() < room) {
      away.remove(task.id());
      hold(new Suspect(task, delivery, until));
    } else {
      away.put(task.id(), until);
      asked.add(task.id());
      crowdCame = loop.now();
      if (!redeliveryBacklog) {
        redeliveryBacklog = true;
        decisions.redeliveryBacklog(true);
      }
      decisions.later(delivery);
    }
    if (!ticking) {
      ticking = true;
      loop.after(ASK_EVERY_MS, this::tick);
    }
  }

  private long patience() {
    return Math.max(loop.now() + PATIENCE_NANOS, reconnected + AFTER_RECONNECT_NANOS);
  }

  private void hold(Suspect suspect) {
    waiting.put(suspect.task.id(), suspect);
    asked.add(suspect.task.id());
  }

  public boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Called after a reconnect with the held tasks, whose deliveries have gone to other workers. */
  public void reconnected(List<String> inHand) {
    reconnected = loop.now();
    // deliveries of the old connection are void and will be redelivered
    waiting.values().removeIf(suspect -> !suspect.delivery.live());
    away.clear(); // answers may have been missed
    held.addAll(inHand);
  }

  /** This worker has settled a task whose delivery had gone to another worker. */
  public void settled(String id) {
    settled.add(id);
  }

  /**
   * Handles another worker's message.
   *
   * @param isHeld whether this worker holds a task
   * @param isSettled whether this worker has settled a task
   */
  public void hear(OwnershipQuery message, Predicate<String> isHeld, Predicate<String> isSettled) {
    if (message.supervisor().equals(supervisor)) {
      return;
    }
    for (String id : message.asked()) {
      if (isHeld.test(id)) {
        held.add(id);
      } else if (isSettled.test(id)) {
        settled.add(id);
      } else if (!waiting.containsKey(id)) {
        away.putIfAbsent(id, patience());
      }
    }
    for (String id : message.settled()) {
      away.remove(id);
      Suspect suspect = waiting.remove(id);
      if (suspect != null) {
        decisions.settledElsewhere(suspect.delivery);
      }
    }
    for (String id : message.held()) {
      away.remove(id);
      Suspect suspect = waiting.remove(id);
      if (suspect != null) {
        log.info(
            "task {} was redelivered, but worker {} is alive and runs it; waiting for it",
            id,
            message.supervisor());
        decisions.later(suspect.delivery);
      }
    }
  }

  /** Defers all held suspects, undecided, since this worker is draining. */
  public void giveUp() {
    List<Suspect> all = List.copyOf(waiting.values());
    waiting.clear();
    all.forEach(suspect -> decisions.later(suspect.delivery));
  }

  private void tick() {
    long now = loop.now();
    List<Suspect> lost = new ArrayList<>();
    for (Iterator<Suspect> all = waiting.values().iterator(); all.hasNext(); ) {
      Suspect suspect = all.next();
      if (now - suspect.until >= 0) {
        all.remove();
        lost.add(suspect);
      }
    }
    lost.forEach(suspect -> decisions.lost(suspect.task, suspect.delivery));
    asked.addAll(waiting.keySet());
    if (redeliveryBacklog && now - crowdCame > CROWD_NANOS) {
      redeliveryBacklog = false;
      decisions.redeliveryBacklog(false);
    }
    ticking = redeliveryBacklog || !waiting.isEmpty();
    if (ticking) {
      loop.after(ASK_EVERY_MS, this::tick);
    }
  }

  private void tell() {
    while (!(asked.isEmpty() && held.isEmpty() && settled.isEmpty())) {
      tell(new OwnershipQuery(supervisor, ++sequence, taken(asked), taken(held), taken(settled)));
    }
  }

  /** Removes from a list the ids that fit into one message, and returns them. */
  private static List<String> taken(List<String> ids) {
    List<String> first = ids.subList(0, Math.min(IDS_TOLD, ids.size()));
    List<String> taken = List.copyOf(first);
    first.clear();
    return taken;
  }

  private void tell(OwnershipQuery message) {
    broker
        .publish(control, message.toMessage())
        .whenComplete(
            (receipt, failure) -> {
              if (failure != null) {
                log.debug("could not ask or answer other workers: {}", failure.getMessage());
              }
            });
  }

  /**
   * A redelivered task that may still run elsewhere.
   *
   * @param until when the worker that had it is considered lost
   */
  private record Suspect(TaskMessage task, Delivery delivery, long until) {}
}

package dev.warren.cluster;

import dev.warren.broker.Broker;
import dev.warren.broker.BrokerException;
import dev.warren.broker.PoolNames;
import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.Printable;
import dev.warren.lifecycle.TimeSource;
import dev.warren.pool.engine.pending.LocalOutcome;
import dev.warren.pool.engine.pending.PendingCalls;
import dev.warren.pool.engine.pending.PendingTask;
import dev.warren.task.Payload;
import dev.warren.wire.BrokerDeath;
import dev.warren.wire.CallRanges;
import dev.warren.wire.DelayLadder;
import dev.warren.wire.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Ends calls that will never be answered: expired calls that no worker has taken, and calls whose
 * message is in no queue and held by no worker. Confined to one thread at a time; queries the
 * broker, so it may block.
 *
 * <p>For maintainers: a task is lost if, at every look over a period of {@link
 * WorkerRegistry#patience()}, the task queue was missing, or was empty and consumed, and no
 * worker's heartbeat named the task. A message that is between the queue and a worker, or about to
 * be redelivered, is named again within one heartbeat. A message that waits for its next attempt is
 * in a delay queue, which is checked like the task queue. But an expired message of a delay queue
 * is not counted by the broker while it is being dead-lettered, which may take minutes: see {@link
 * #HANDING_ON}.
 */
public final class LostTaskWatch {
  private static final Logger log = Logs.of(LostTaskWatch.class);
  private static final long GRACE_MS = 500;
  private static final long OLD_ENOUGH = 5_000_000_000L;
  private static final long NOBODY_WARNING = 10_000_000_000L;

  /**
   * Maximum time an expired message may be missing from every queue's count. RabbitMQ starts queues
   * one by one. A delay queue that starts before the task queue cannot dead-letter yet, and retries
   * after {@code dead_letter_worker_publisher_confirm_timeout} (180 s), checked at the same
   * interval: so after twice that, at the latest. Seen on 3.10.8 for 6 of 24 pools.
   */
  private static final long HANDING_ON = 390_000_000_000L;

  /**
   * Minimum interval between queries of the delay queues: each one that does not exist costs a
   * channel.
   */
  private static final long DELAYS_EVERY = 15_000_000_000L;

  /** A look delayed by this much means that the whole process was stopped. */
  private static final long STANDSTILL = 30_000_000_000L;

  /** Maximum characters of the numbers of lost calls in a log line. */
  private static final int NUMBERS_SHOWN = 200;

  private final Broker broker;
  private final OwnerIdentity owner;
  private final int slots;
  private final PendingCalls table;
  private final WorkerRegistry registry;
  private final TimeSource time;
  private final BiConsumer<PendingTask, Payload> whenLost;
  private @Nullable RollCalls rollCalls;
  private final SilenceWatch silence;
  private final DeadQueueSearch deadQueue;
  private final Map<PendingTask, Long> suspects = new HashMap<>();
  // when the broker was last away, or a delay queue last held a message
  private long disturbedNanos;
  // when the delay queues were last queried
  private long delaysNanos;
  private long lookedNanos;
  // how long this process was last stopped, and until when
  private long stoodStillSeconds;
  private long stoodStillNanos;
  private boolean toldOfHandingOn;
  // of the task queue, at the last query
  private int consumers;
  private long aloneSince;
  private boolean warned;

  /**
   * Creates a watch; {@link #look} must be called regularly.
   *
   * @param slots number of children of a {@code local:} pool; 0 if known from heartbeats
   * @param whenLost receives each lost task, with the outcome of its calls unless they run again
   */
  public LostTaskWatch(
      Broker broker,
      OwnerIdentity owner,
      int slots,
      PendingCalls table,
      WorkerRegistry registry,
      BiConsumer<PendingTask, Payload> whenLost,
      TimeSource time) {
    this.whenLost = whenLost;
    this.broker = broker;
    this.owner = owner;
    this.slots = slots;
    this.table = table;
    this.registry = registry;
    this.time = time;
    this.silence = new SilenceWatch(broker, owner, registry, time);
    this.aloneSince = time.nanos();
    this.deadQueue = new DeadQueueSearch(broker, owner.names().dead(), aloneSince);
    this.disturbedNanos = aloneSince;
    this.delaysNanos = aloneSince - DELAYS_EVERY;
    this.lookedNanos = aloneSince;
    this.stoodStillNanos = aloneSince;
  }

  /**
   * Results have arrived but are held back: their calls may have ended, so no look is conclusive.
   */
  public void cannotTell() {
    suspects.clear();
  }

  /** Has missing tasks proven by roll calls instead of by missed heartbeats. */
  public void askWith(RollCalls asks) {
    rollCalls = asks;
  }

  /** Looks once. */
  public void look() {
    long now = time.nanos();
    noticeStandstill(now);
    silence.look(now);
    warnIfAlone(now);
    expire();
    if (!broker.connected()) {
      disturbedNanos = now;
      suspects.clear();
      return;
    }
    PendingTask oldest = table.findFirst(0, Long.MAX_VALUE);
    if (oldest == null || now - oldest.sentNanos() < OLD_ENOUGH) {
      suspects.clear();
      return;
    }
    try {
      if (mayHoldTasks() || !silence.heartbeatsCome()) {
        suspects.clear();
      } else {
        endLost(now);
      }
    } catch (BrokerException e) {
      suspects.clear();
      log.debug("cannot check for lost calls now: {}", e.getMessage());
    }
  }

  /** Handles a returned echo from the events queue. Thread-safe. */
  public void echoed(Message message) {
    silence.echoed(message);
  }

  private void expire() {
    long now = time.steadyMillis();
    List<PendingTask> expired = new ArrayList<>();
    table.forEach(
        task -> {
          if (task.expiresAtMillis != 0 && task.expiresAtMillis + GRACE_MS < now) {
            expired.add(task);
          }
        });
    if (!expired.isEmpty()) {
      Predicate<String> held = registry.holders();
      expired.removeIf(task -> held.test(owner.taskId(task.first)));
      expired.forEach(task -> table.endRest(task, LocalOutcome.EXPIRED));
    }
  }

  /**
   * Whether a task queue, or a worker that is not known here, may hold the missing tasks. A queue
   * that has lost most of its nodes still answers, claiming to be empty and without consumers, so
   * that answer means nothing. The same holds if the queue has consumers but no worker is known:
   * heartbeats do not arrive here then, for example because the events exchange was deleted.
   */
  private boolean mayHoldTasks() {
    Optional<Broker.QueueDepth> tasks = broker.depth(names().tasks());
    Optional<Broker.QueueDepth> again = broker.depth(names().again());
    consumers = tasks.map(Broker.QueueDepth::consumers).orElse(0);
    if (Stream.of(tasks, again).flatMap(Optional::stream).anyMatch(depth -> depth.ready() > 0)) {
      return true;
    }
    boolean mute = consumers == 0 || again.filter(depth -> depth.consumers() == 0).isPresent();
    return tasks.isPresent() && (mute || registry.isEmpty());
  }

  private void endLost(long now) {
    RollCalls asked = rollCalls;
    if (asked != null && !suspects.isEmpty()) {
      asked.look(consumers);
    }
    long patience = registry.patience();
    Predicate<String> held = registry.holders();
    Map<PendingTask, Long> still = new HashMap<>();
    List<PendingTask> lost = new ArrayList<>();
    table.forEach(
        task -> {
          if (task.isConfirmed() && !held.test(owner.taskId(task.first))) {
            long since = suspects.getOrDefault(task, now);
            still.put(task, since);
            if (asked == null ? now - since >= patience : asked.prove(since, patience)) {
              lost.add(task);
            }
          }
        });
    suspects.clear();
    suspects.putAll(still);
    if (lost.isEmpty()) {
      toldOfHandingOn = false;
    } else if (now - delaysNanos >= DELAYS_EVERY) {
      delaysNanos = now;
      endLost(lost, now);
    }
  }

  /** Detects that this process was stopped for a while, because its looks are otherwise regular. */
  private void noticeStandstill(long now) {
    long still = now - lookedNanos;
    lookedNanos = now;
    if (still > STANDSTILL) {
      stoodStillSeconds = still / 1_000_000_000;
      stoodStillNanos = now;
      suspects.clear();
      disturbedNanos = now;
      log.warn(
          "this process was stopped for {} s: it received no heartbeats meanwhile, and a results queue"
              + " without a consumer for {} s is deleted with the outcomes in it",
          stoodStillSeconds,
          PoolNames.RESULTS_EXPIRE_MS / 1000);
    }
  }

  private void endLost(List<PendingTask> lost, long now) {
    Map<String, BrokerDeath> deaths = deadQueue.deaths(ids(lost), now);
    if (!deaths.isEmpty()) {
      endDead(lost, deaths);
      return; // the others follow at the next look
    }
    List<Broker.QueueDepth> delays = delays();
    if (delays.stream().anyMatch(depth -> depth.ready() > 0)) {
      disturbedNanos = now;
      suspects.clear();
      return;
    }
    int handedOn = 0;
    int ended = 0;
    CallRanges.Builder numbers = new CallRanges.Builder();
    for (PendingTask task : lost) {
      long since = Math.max(task.sentNanos(), disturbedNanos);
      if ((!delays.isEmpty() || wasLeased(task, now)) && now - since < HANDING_ON) {
        handedOn += task.left();
      } else {
        ended += task.left();
        numbers.add(task.first, task.first + task.count - 1);
        suspects.remove(task);
        whenLost.accept(task, lost(task));
      }
    }
    if (ended > 0) {
      log.warn(
          "{} calls are lost: no queue and no worker has them (numbers of their tasks' calls: {})",
          ended,
          Printable.cut(numbers.build().toString(), NUMBERS_SHOWN));
    }
    tellOfHandingOn(handedOn);
  }

  private Payload lost(PendingTask task) {
    boolean before = task.sentNanos() - stoodStillNanos < 0;
    return before && stoodStillSeconds * 1000 > PoolNames.RESULTS_EXPIRE_MS
        ? LocalOutcome.lostAfterStandstill(stoodStillSeconds)
        : LocalOutcome.LOST;
  }

  private Set<String> ids(List<PendingTask> tasks) {
    return tasks.stream().map(task -> owner.taskId(task.first)).collect(Collectors.toSet());
  }

  private void endDead(List<PendingTask> lost, Map<String, BrokerDeath> deaths) {
    int ended = 0;
    for (PendingTask task : lost) {
      BrokerDeath death = deaths.get(owner.taskId(task.first));
      if (death != null) {
        ended += task.left();
        suspects.remove(task);
        table.endRest(task, LocalOutcome.deadLettered(death, deadQueue.queue()));
      }
    }
    BrokerDeath any = deaths.values().iterator().next();
    log.warn(
        "the broker has moved {} calls to {}, from {}: {}",
        ended,
        deadQueue.queue(),
        any.queue(),
        any.reason());
  }

  /** Depths of the existing delay queues. */
  private List<Broker.QueueDepth> delays() {
    return DelayLadder.steps()
        .mapToObj(names()::delay)
        .map(broker::depth)
        .flatMap(Optional::stream)
        .toList();
  }

  private PoolNames names() {
    return owner.names();
  }

  /**
   * Whether it may be on its way back from a worker's lease queue, which is a kind of delay queue.
   */
  private boolean wasLeased(PendingTask task, long now) {
    return now - task.sentNanos() > broker.deliveryTimeout().toNanos() / 2;
  }

  private void tellOfHandingOn(int calls) {
    if (calls > 0 && !toldOfHandingOn) {
      log.warn(
          "{} calls are counted by no queue and held by no worker: after a restart,"
              + " RabbitMQ may be late to move expired messages; waiting up to {} s",
          calls,
          HANDING_ON / 1_000_000_000);
    }
    toldOfHandingOn |= calls > 0;
  }

  private void warnIfAlone(long now) {
    if (table.isEmpty() || !registry.isEmpty() || slots > 0) {
      aloneSince = now;
      warned = false;
      silence.notAlone();
    } else if (!warned && now - aloneSince > NOBODY_WARNING && silence.isAlone(now)) {
      warned = true;
      String why =
          consumers == 0
              ? "no worker serves it: start one with 'warren worker'"
              : "no heartbeats of its " + consumers + " workers arrive here: run 'warren doctor'";
      log.warn(
          "{} calls wait for pool {} on {}, but {}",
          table.openCalls(),
          names().pool(),
          broker.description(),
          why);
    }
  }
}

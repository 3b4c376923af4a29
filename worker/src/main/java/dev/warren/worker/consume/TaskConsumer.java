package dev.warren.worker.consume;

import dev.warren.broker.Broker;
import dev.warren.broker.BrokerListener;
import dev.warren.broker.Delivery;
import dev.warren.broker.PoolNames;
import dev.warren.broker.Subscription;
import dev.warren.lifecycle.BoundedMap;
import dev.warren.lifecycle.EventLoop;
import dev.warren.lifecycle.LogThrottle;
import dev.warren.lifecycle.Logs;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.Headers;
import dev.warren.wire.Message;
import dev.warren.wire.TaskMessage;
import dev.warren.wire.WireFormatException;
import dev.warren.wire.control.CancelMessage;
import dev.warren.wire.control.ClockMessage;
import dev.warren.wire.control.HelloMessage;
import dev.warren.wire.control.OwnershipQuery;
import dev.warren.wire.control.RefusalMessage;
import dev.warren.worker.consume.redelivery.HostLossRecovery;
import dev.warren.worker.consume.redelivery.RedeliveryArbiter;
import dev.warren.worker.consume.send.DeadLetterer;
import dev.warren.worker.consume.send.ReplyQueues;
import dev.warren.worker.consume.send.Republisher;
import dev.warren.worker.supervise.Supervisor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/**
 * Decides what happens to each delivery and to each call that ended. Confined to the loop.
 *
 * <p>A delivery ends in exactly one of these ways, and is acknowledged only after the broker has
 * confirmed what replaces it: the outcomes or next attempts of its calls; the task itself, handed
 * back or deferred; a copy in the dead-letter queue; or nothing, if its owner is gone or this
 * worker has already settled it. Longer than usual, because all of these decisions are here, side
 * by side.
 */
public final class TaskConsumer implements BrokerListener {
  private static final Logger log = Logs.of(TaskConsumer.class);

  /** How long an owner whose queue was missing is considered gone without asking again. */
  private static final long GONE_FOR_NANOS = 5_000_000_000L;

  /** Control messages held at once: their bodies may be as large as the broker accepts. */
  private static final int CONTROL_PREFETCH = 20;

  /**
   * Maximum number of messages into which handed-back calls are split for other workers to share.
   */
  private static final int SHARES = 64;

  private final Broker broker;
  private final PoolNames names;
  private final EventLoop loop;
  private final Supervisor supervisor;
  private final ResultSender results;
  private final Republisher republisher;
  private final ReplyQueues replyQueues;
  private final DeadLetterer deadLetterer;
  private final CallSettlement settlement;
  private final OwnerClocks clocks;
  private final PrefetchPolicy prefetch;
  private final Rebalancer rebalancer;
  private final RedeliveryArbiter arbiter;
  private final HostLossRecovery losses;
  private final Runnable hello;
  private final Leases leases;
  private final SettledTasks settled = new SettledTasks();
  private final LogThrottle oddControl = new LogThrottle(Duration.ofSeconds(10));
  private final Cancellations cancellations = new Cancellations();
  private final Map<String, HeldTask> heldTasks = new HashMap<>();
  private final HeldTask.Stages stages = new HeldTaskStages();
  private final DeliveryTriage.Facts facts = new TriageFacts();
  private final BoundedMap<String, Long> goneOwners =
      BoundedMap.byAge(
          Cancellations.OVER_BYTES, (owner, since) -> BoundedMap.textBytes(owner) + Long.BYTES);
  private @Nullable Subscription tasks;
  private @Nullable Subscription control;
  private boolean draining;
  private long heldNumber;
  private int unanswered;

  /**
   * Creates a consumer that has not started.
   *
   * @param slots number of calls that held at once
   * @param replyQueues queues to which outcomes may be published
   * @param helper heldTasks blocking work
   * @param hello called when another process asks for a heartbeat
   */
  public TaskConsumer(
      Broker broker,
      PoolNames names,
      EventLoop loop,
      Supervisor supervisor,
      int slots,
      ReplyQueues replyQueues,
      ExecutorService helper,
      Runnable hello) {
    this.broker = broker;
    this.names = names;
    this.loop = loop;
    this.supervisor = supervisor;
    this.results = new ResultSender(broker, loop, supervisor.id(), helper, this::ownerGone);
    supervisor.holdWhile(results::isFull);
    this.republisher = new Republisher(broker, names, loop, supervisor.id(), helper);
    this.replyQueues = replyQueues;
    this.deadLetterer = new DeadLetterer(broker, names, republisher, supervisor.id(), replyQueues);
    this.settlement =
        new CallSettlement(
            loop,
            results,
            republisher,
            deadLetterer,
            fate ->
                new Refusals(broker, names, loop, supervisor.id(), helper, this::consumes, fate));
    this.clocks = new OwnerClocks(loop.time());
    this.prefetch = new PrefetchPolicy(slots, broker::roundTrip);
    this.rebalancer =
        new Rebalancer(
            broker,
            List.of(names.tasks(), names.again()),
            loop,
            supervisor,
            prefetch,
            helper,
            this::giveBackInParts);
    this.arbiter =
        new RedeliveryArbiter(broker, names, loop, supervisor.id(), new ArbiterDecisions());
    this.losses = new HostLossRecovery(broker, loop, republisher);
    this.hello = hello;
    this.leases = new Leases(broker, names, loop, supervisor.id(), helper, heldTasks);
  }

  /** Starts to consume. The pool's topology and the control queue must have been declared. */
  public void begin(String controlQueue) {
    control =
        broker.subscribe(
            controlQueue,
            CONTROL_PREFETCH,
            delivery ->
                loop.post(
                    () -> {
                      delivery.ack();
                      control(delivery.message());
                    }));
    tasks =
        new TaskSubscriptions(
            broker.subscribe(
                names.again(),
                prefetch.current(),
                delivery -> loop.post(() -> deliver(delivery, true))),
            broker.subscribe(
                names.tasks(),
                prefetch.current(),
                delivery -> loop.post(() -> deliver(delivery, false))));
    rebalancer.watch(tasks);
    leases.watch();
    broker.addListener(this);
  }

  @Override
  public void reconnected() {
    loop.post(
        () -> {
          arbiter.reconnected(
              heldTasks.values().stream()
                  .filter(held -> !held.delivery().live())
                  .map(held -> held.task().id())
                  .toList());
          hello.run();
        });
  }

  private void control(Message message) {
    try {
      switch (String.valueOf(message.type())) {
        case HelloMessage.TYPE -> hello.run();
        case OwnershipQuery.TYPE -> heard(OwnershipQuery.of(message));
        case RefusalMessage.TYPE -> settlement.refusals().hear(RefusalMessage.of(message));
        case ClockMessage.TYPE -> heard(ClockMessage.of(message));
        default -> cancel(CancelMessage.of(message));
      }
    } catch (WireFormatException e) {
      if (oddControl.allows(loop.now())) {
        log.warn(
            "control message {} dropped: {}{}",
            message.id(),
            e.getMessage(),
            oddControl.heldBack());
      }
    }
  }

  private void heard(ClockMessage message) {
    clocks.heard(message.owner(), message.sentAtMillis());
  }

  private void heard(OwnershipQuery message) {
    arbiter.hear(message, heldTasks::containsKey, settled::contains);
    message.settled().forEach(settled::add);
  }

  // ---- deliveries

  /**
   * Handles a delivery of a task queue.
   *
   * @param again whether it comes from the {@code again} queue
   */
  private void deliver(Delivery delivery, boolean again) {
    Message message = delivery.message();
    prefetch(prefetch.came(message.body().length()));
    TaskMessage task;
    try {
      task = TaskMessage.of(message);
      replyQueues.check(message.replyTo());
      clocks.came(task);
      checkStart(task);
    } catch (WireFormatException e) {
      deadLetterer.deadLetterMalformed(delivery, e);
      return;
    }
    switch (DeliveryTriage.judge(task, delivery, facts)) {
      case DUPLICATE, SETTLED -> delivery.ack();
      case RESUME -> resume(task.id(), delivery);
      case DEFER -> deferRedelivery(delivery, true);
      case HAND_BACK, WAIT -> putBack(task, delivery);
      case DROP -> {
        settled.add(task.id());
        delivery.ack();
      }
      case RERUN -> hostLost(task, delivery);
      case ASK -> arbiter.add(task, delivery, (prefetch.current() - heldTasks.size()) / 2);
      case PASS_ON -> settlement.refusals().passOnSoon(begun(task, delivery, again));
      case START -> start(accept(task, delivery, again));
      case PUT_OFF -> losses.putOff(task, settling(task, delivery));
      case START_WHEN_PUT_BACK -> {
        HeldTask held = accept(task, delivery, again);
        losses.whenPutBack(task, () -> unanswered == 0, () -> start(held));
      }
    }
  }

  /**
   * Continues a held task that was redelivered, since its first delivery was lost with its
   * connection.
   */
  private void resume(String id, Delivery delivery) {
    HeldTask held = heldTasks.get(id);
    if (held != null) {
      held.redelivered(delivery);
      held.heldSince(loop.now());
    }
  }

  private void checkStart(TaskMessage task) {
    if (clocks.delayMillis(task) > TaskMessage.LONGEST_DELAY_MS) {
      throw new WireFormatException(
          "header "
              + Headers.NOT_BEFORE_MS
              + " is "
              + task.times().notBeforeMillis()
              + "; must be within a year from now");
    }
  }

  private void deferRedelivery(Delivery delivery, boolean soon) {
    unanswered++;
    republisher.deferRedelivery(
        delivery.message(),
        soon,
        () -> {
          unanswered--;
          delivery.ack();
        });
  }

  /** Starts to hold a task; those of its calls that were cancelled before it arrived are ended. */
  private HeldTask accept(TaskMessage task, Delivery delivery, boolean again) {
    HeldTask held = begun(task, delivery, again);
    if (cancellations.any(task.owner())) {
      for (int index = 0; index < task.count(); index++) {
        if (cancellations.contains(task.owner(), task.calls().get(index))) {
          held.fail(index, cancelled(task));
        }
      }
    }
    return held;
  }

  private void start(HeldTask held) {
    if (draining) {
      giveBack(List.of(new Supervisor.Handback(held, 0, held.task().count())));
    } else if (!held.allEnded()) {
      supervisor.submit(held);
    }
  }

  private HeldTask begun(TaskMessage task, Delivery delivery, boolean again) {
    HeldTask held = new HeldTask(++heldNumber, task, again, delivery, settlement, clocks, stages);
    held.heldSince(loop.now());
    heldTasks.put(task.id(), held);
    return held;
  }

  /** Whether the outcomes are unwanted: the owner is gone or has cancelled all its calls. */
  private boolean dropped(TaskMessage task) {
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

  /** The worker that had this task is lost: publishes another attempt, or ends its calls. */
  private void hostLost(TaskMessage task, Delivery delivery) {
    if (!HostLossRecovery.isOneTooMany(task)) {
      losses.tryAgain(task, settling(task, delivery));
      return;
    }
    HeldTask held = begun(task, delivery, true);
    for (int index = 0; index < task.count(); index++) {
      if (held.tryEnd(index)) {
        settlement.spent(held, index, HostLossRecovery.failure(task));
      }
    }
  }

  /**
   * Returns an action that settles a task, to run once the broker has confirmed what replaces it;
   * until then this worker is not idle.
   */
  private Runnable settling(TaskMessage task, Delivery delivery) {
    unanswered++;
    return () -> {
      unanswered--;
      settled.add(task.id());
      delivery.ack();
    };
  }

  /**
   * Puts a task back uncharged, for another worker or, with a delay left, through the delay ladder.
   */
  private void putBack(TaskMessage task, Delivery delivery) {
    republisher.publish(
        republisher.part(task, 0, task.count(), task.counts(), clocks.delayMillis(task)),
        settling(task, delivery));
  }

  // ---- ends of runs

  /** All calls of the run have ended: records their time before it is settled. */
  private void measured(HeldTask held) {
    prefetch(!held.isPartlyGivenBack() && prefetch.measured(held.busyMicros()));
  }

  /** All calls of the run are settled and its delivery is acknowledged. */
  private void finished(HeldTask held) {
    heldTasks.remove(held.task().id());
    settled.add(held.task().id());
    if (!held.delivery().live()) {
      arbiter.settled(held.task().id());
    }
    if (!held.isMeasured()) {
      measured(held);
    }
    rebalancer.resumeIfFree();
  }

  private boolean consumes() {
    return !rebalancer.paused();
  }

  private void prefetch(boolean changed) {
    Subscription subscription = tasks;
    if (changed && !rebalancer.paused() && subscription != null && !draining) {
      subscription.prefetch(prefetch.current());
    }
  }

  // ---- owners

  private void ownerGone(String owner) {
    if (goneOwners.put(owner, loop.now()) == null) {
      // a terminated owner has sent its cancellation before its queue was deleted
      log.atLevel(cancellations.wholly(owner) ? Level.DEBUG : Level.WARN)
          .log("owner {} is gone; its calls are dropped", owner);
    }
    for (HeldTask held : ownedBy(owner)) {
      for (int index = 0; index < held.task().count(); index++) {
        held.fail(index, cancelled(held.task()));
      }
    }
  }

  private void cancel(CancelMessage cancel) {
    cancellations.add(cancel.owner(), cancel.calls());
    for (HeldTask held : ownedBy(cancel.owner())) {
      TaskMessage task = held.task();
      for (int index = 0; index < task.count(); index++) {
        boolean meant =
            cancel.calls() == null
                || cancellations.contains(cancel.owner(), task.calls().get(index));
        if (meant && !held.ended(index) && !supervisor.cancel(held, index, cancel.graceMillis())) {
          held.fail(index, cancelled(task));
        }
      }
    }
  }

  private static RemoteFailure cancelled(TaskMessage task) {
    return RemoteFailure.cancelledUnstarted(
        "cancelled before it was started", task.counts().attempt());
  }

  private List<HeldTask> ownedBy(String owner) {
    return heldTasks.values().stream().filter(held -> owner.equals(held.task().owner())).toList();
  }

  // ---- stopping

  /** Stops consuming and hands back, uncharged, all calls that wait for a child. */
  public void drain() {
    draining = true;
    settlement.refusals().leave();
    rebalancer.stop();
    if (tasks != null) {
      tasks.cancel();
    }
    giveBack(supervisor.withdraw());
    arbiter.giveUp();
  }

  /** Hands calls back uncharged. */
  public void giveBack(List<Supervisor.Handback> calls) {
    giveBack(calls, 1);
  }

  /** Hands calls back uncharged, in messages so small that many workers can share them. */
  private void giveBackInParts(List<Supervisor.Handback> calls) {
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
    for (int share = 0; share < shares; share++) {
      int first = from + (int) ((long) (to - from) * share / shares);
      int last = from + (int) ((long) (to - from) * (share + 1) / shares);
      republisher.publish(
          republisher.part(task, first, last, task.counts(), 0), () -> held.settled(last - first));
    }
  }

  /** Whether nothing is held, and nothing is in transit here that would look like a lost task. */
  public boolean idle() {
    boolean comesNoMore = tasks == null || tasks.ended() || !broker.connected();
    boolean cameBack = leases.idle() || !broker.connected();
    return comesNoMore
        && cameBack
        && heldTasks.isEmpty()
        && arbiter.isEmpty()
        && unanswered == 0
        && results.idle();
  }

  /** Stops listening to owners; the last step before the broker is closed. */
  public void end() {
    leases.end();
    Stream.of(tasks, control)
        .forEach(
            subscription -> {
              if (subscription != null) {
                subscription.cancel();
              }
            });
  }

  /** Returns the message ids of the held tasks, at most {@code most}. */
  public List<String> held(int most) {
    return new ArrayList<>(heldTasks.keySet()).subList(0, Math.min(most, heldTasks.size()));
  }

  /** Number of attempts of calls that ended here. */
  public long callsEnded() {
    return settlement.ended();
  }

  /** How many of {@link #callsEnded} threw, were refused or lost their child. */
  public long callsFailed() {
    return settlement.failures();
  }

  /** Number of held tasks. */
  public int heldCount() {
    return heldTasks.size();
  }

  @Override
  public String toString() {
    return heldTasks.size() + " deliveries unsettled, prefetch " + prefetch.current();
  }

  private final class HeldTaskStages implements HeldTask.Stages {
    @Override
    public void measured(HeldTask held) {
      TaskConsumer.this.measured(held);
    }

    @Override
    public void finished(HeldTask held) {
      TaskConsumer.this.finished(held);
    }
  }

  /** What this worker knows when a task is delivered. */
  private final class TriageFacts implements DeliveryTriage.Facts {
    @Override
    public boolean holds(String id) {
      return heldTasks.containsKey(id);
    }

    @Override
    public boolean holdsLive(String id) {
      HeldTask held = heldTasks.get(id);
      return held != null && held.delivery().live();
    }

    @Override
    public boolean hasSettled(String id) {
      return settled.contains(id);
    }

    @Override
    public boolean draining() {
      return draining;
    }

    @Override
    public boolean isUnwanted(TaskMessage task) {
      return dropped(task);
    }

    @Override
    public long delayMillis(TaskMessage task) {
      return clocks.delayMillis(task);
    }

    @Override
    public double averageMicros(TaskMessage task) {
      return supervisor.averageMicros(task.function().toString());
    }

    @Override
    public boolean passesOn(TaskMessage task) {
      return settlement.refusals().passesOn(task);
    }

    @Override
    public boolean holdsIsolated() {
      return heldTasks.values().stream()
          .anyMatch(held -> HostLossRecovery.runsInIsolation(held.task()));
    }
  }

  /** Carries out the decisions on redelivered tasks. */
  private final class ArbiterDecisions implements RedeliveryArbiter.Decisions {
    @Override
    public void lost(TaskMessage task, Delivery delivery) {
      if (delivery.live()) {
        hostLost(task, delivery);
      }
    }

    @Override
    public void later(Delivery delivery) {
      if (delivery.live()) {
        deferRedelivery(delivery, draining);
      }
    }

    @Override
    public void redeliveryBacklog(boolean much) {
      prefetch(prefetch.redeliveryBacklog(much));
    }

    @Override
    public void settledElsewhere(Delivery delivery) {
      delivery.ack();
    }
  }
}

package dev.warren.worker.consume;

import dev.warren.broker.Broker;
import dev.warren.broker.BrokerListener;
import dev.warren.broker.Delivery;
import dev.warren.broker.PoolNames;
import dev.warren.broker.Subscription;
import dev.warren.lifecycle.EventLoop;
import dev.warren.wire.Message;
import dev.warren.wire.TaskCodec;
import dev.warren.wire.TaskMessage;
import dev.warren.wire.WireCodecs;
import dev.warren.wire.WireFormatException;
import dev.warren.wire.control.WorkerRequests;
import dev.warren.worker.config.WorkerConfig;
import dev.warren.worker.consume.redelivery.HostLossRecovery;
import dev.warren.worker.consume.redelivery.RedeliveryArbiter;
import dev.warren.worker.consume.send.DeadLetterer;
import dev.warren.worker.consume.send.ReplyQueues;
import dev.warren.worker.consume.send.Republisher;
import dev.warren.worker.meter.WorkerMeters;
import dev.warren.worker.supervise.Supervisor;
import java.util.List;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * Decides what happens to each delivery and to each call that ended. Confined to the loop.
 *
 * <p>A delivery ends in exactly one of these ways, and is acknowledged only after the broker has
 * confirmed what replaces it: the outcomes or next attempts of its calls; the task itself, handed
 * back or deferred; a copy in the dead-letter queue; or nothing, if its owner is gone or this
 * worker has already settled it.
 */
public final class TaskConsumer implements BrokerListener {
  /** Control messages held at once: their bodies may be as large as the broker accepts. */
  private static final int CONTROL_PREFETCH = 20;

  private final Broker broker;
  private final PoolNames names;
  private final TaskCodec codec;
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
  private final WorkerRequests requests;
  private final WorkerMeters meters;
  private final Leases leases;
  private final HeldTasks heldTasks;
  private final OwnerStatus owners;
  private final HandBack handBack;
  private final ControlMessages controlMessages;
  private final HeldTask.Stages stages = new HeldTaskStages();
  private final DeliveryTriage.Facts facts;
  private @Nullable Subscription tasks;
  private @Nullable Subscription control;
  private boolean draining;

  /**
   * Creates a consumer that has not started.
   *
   * @param helper runs blocking work
   * @param requests called for what others ask of the worker itself
   */
  public TaskConsumer(
      WorkerConfig config,
      Broker broker,
      EventLoop loop,
      Supervisor supervisor,
      ExecutorService helper,
      WorkerRequests requests) {
    WireCodecs codecs = config.codecs();
    this.broker = broker;
    this.names = new PoolNames(config.pool());
    this.codec = codecs.tasks();
    this.loop = loop;
    this.supervisor = supervisor;
    this.clocks = new OwnerClocks(loop.time());
    this.heldTasks = HeldTasks.of(config, broker, loop, supervisor);
    this.owners = new OwnerStatus(loop, supervisor, heldTasks);
    this.results =
        new ResultSender(broker, codecs.results(), loop, supervisor.id(), helper, owners::gone);
    supervisor.holdWhile(results::isFull);
    this.republisher = new Republisher(broker, codec, names, loop, supervisor.id(), helper);
    this.handBack = new HandBack(republisher, heldTasks, clocks);
    this.meters = supervisor.meters();
    this.replyQueues = new ReplyQueues(config.replyTo());
    this.deadLetterer =
        new DeadLetterer(
            broker, codecs.results(), names, republisher, supervisor.id(), replyQueues, meters);
    this.settlement =
        new CallSettlement(
            loop,
            results,
            republisher,
            deadLetterer,
            config.keepFailures(),
            meters,
            fate ->
                new Refusals(broker, names, loop, supervisor.id(), helper, this::consumes, fate));
    this.prefetch = new PrefetchPolicy(config.processes(), broker::roundTrip);
    this.rebalancer =
        new Rebalancer(
            broker,
            List.of(names.tasks(), names.again()),
            loop,
            supervisor,
            prefetch,
            helper,
            handBack::inParts);
    this.arbiter =
        new RedeliveryArbiter(broker, names, loop, supervisor.id(), new ArbiterDecisions());
    this.losses = new HostLossRecovery(broker, loop, republisher);
    this.requests = requests;
    this.leases = new Leases(broker, codec, names, loop, supervisor.id(), helper, heldTasks.all());
    this.facts =
        new WorkerFacts(
            heldTasks, owners, clocks, settlement.refusals(), supervisor, () -> draining);
    this.controlMessages =
        new ControlMessages(
            loop,
            supervisor.id(),
            requests,
            arbiter,
            settlement.refusals(),
            clocks,
            owners,
            heldTasks,
            heldTasks.answers(broker, names, loop, supervisor));
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
                      controlMessages.handle(delivery.message());
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
          arbiter.reconnected(heldTasks.withoutDelivery());
          requests.hello();
        });
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
      task = codec.read(message);
      replyQueues.check(message.replyTo());
      clocks.came(task);
      clocks.checkStart(task);
    } catch (WireFormatException e) {
      deadLetterer.deadLetterMalformed(delivery, e);
      return;
    }
    switch (meters.delivered(DeliveryTriage.judge(task, delivery, facts))) {
      case DUPLICATE, SETTLED -> delivery.ack();
      case RESUME -> resume(task.id(), delivery);
      case DEFER -> handBack.defer(delivery, true);
      case HAND_BACK, WAIT -> handBack.putBack(task, delivery);
      case DROP -> {
        heldTasks.addSettled(task.id());
        delivery.ack();
      }
      case RERUN -> hostLost(task, delivery);
      case ASK -> arbiter.add(task, delivery, (prefetch.current() - heldTasks.count()) / 2);
      case PASS_ON -> settlement.refusals().passOnSoon(begun(task, delivery, again));
      case START -> start(accept(task, delivery, again));
      case PUT_OFF -> losses.putOff(task, handBack.settling(task, delivery));
      case START_WHEN_PUT_BACK -> {
        HeldTask held = accept(task, delivery, again);
        losses.whenPutBack(task, handBack::isConfirmed, () -> start(held));
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

  /** Starts to hold a task; those of its calls that were cancelled before it arrived are ended. */
  private HeldTask accept(TaskMessage task, Delivery delivery, boolean again) {
    HeldTask held = begun(task, delivery, again);
    owners.endCancelled(held);
    return held;
  }

  private void start(HeldTask held) {
    if (draining) {
      handBack.whole(List.of(new Supervisor.Handback(held, 0, held.task().count())));
    } else if (!held.allEnded()) {
      supervisor.submit(held);
    }
  }

  private HeldTask begun(TaskMessage task, Delivery delivery, boolean again) {
    HeldTask held = new HeldTask(heldTasks, task, again, delivery, settlement, clocks, stages);
    held.heldSince(loop.now());
    heldTasks.add(held);
    return held;
  }

  /** The worker that had this task is lost: publishes another attempt, or ends its calls. */
  private void hostLost(TaskMessage task, Delivery delivery) {
    if (!HostLossRecovery.isOneTooMany(task)) {
      heldTasks.histories().hostLost(task, delivery.redelivered());
      losses.tryAgain(task, handBack.settling(task, delivery));
      return;
    }
    HeldTask held = begun(task, delivery, true);
    for (int index = 0; index < task.count(); index++) {
      if (held.tryEnd(index)) {
        settlement.spent(held, index, HostLossRecovery.failure(task));
      }
    }
  }

  // ---- ends of held tasks

  /** All calls of the task have ended: records their time before it is settled. */
  private void measured(HeldTask held) {
    prefetch(!held.isPartlyGivenBack() && prefetch.measured(held.busyMicros()));
  }

  /** All calls of the task are settled and its delivery is acknowledged. */
  private void finished(HeldTask held) {
    heldTasks.settle(held);
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

  /** Stops consuming and hands back, uncharged, all calls that wait for a child. */
  public void drain() {
    draining = true;
    settlement.refusals().leave();
    rebalancer.stop();
    cancel(tasks);
    handBack.whole(supervisor.withdraw());
    arbiter.giveUp();
  }

  /** Hands back, uncharged, calls that no child has started. */
  public void giveBack(List<Supervisor.Handback> calls) {
    handBack.whole(calls);
  }

  /** Whether nothing is held, and nothing is in transit here that would look like a lost task. */
  public boolean idle() {
    boolean comesNoMore = tasks == null || tasks.ended() || !broker.connected();
    boolean cameBack = leases.idle() || !broker.connected();
    return comesNoMore
        && cameBack
        && heldTasks.isEmpty()
        && arbiter.isEmpty()
        && handBack.isConfirmed()
        && results.idle();
  }

  /** Stops listening to owners; the last step before the broker is closed. */
  public void end() {
    leases.end();
    cancel(tasks);
    cancel(control);
  }

  private static void cancel(@Nullable Subscription subscription) {
    if (subscription != null) {
      subscription.cancel();
    }
  }

  /** Returns the message ids of the held tasks, at most {@code max}. */
  public List<String> held(int max) {
    return heldTasks.ids(max);
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
    return heldTasks.count();
  }

  @Override
  public String toString() {
    return heldTasks.count() + " deliveries unsettled, prefetch " + prefetch.current();
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
        handBack.defer(delivery, draining);
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

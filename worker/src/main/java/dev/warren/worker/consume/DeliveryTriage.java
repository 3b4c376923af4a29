package dev.warren.worker.consume;

import dev.warren.broker.Delivery;
import dev.warren.wire.Headers;
import dev.warren.wire.TaskMessage;
import dev.warren.worker.consume.redelivery.HostLossRecovery;
import dev.warren.worker.consume.send.Republisher;

/**
 * Decides what becomes of a delivered task. {@link TaskConsumer} collects the facts and carries out
 * the verdict; nothing is changed here. Stateless.
 *
 * <p>The order of the questions is the rule. What this worker already holds or has settled needs no
 * further question. A worker that drains takes nothing new. Outcomes that nobody wants are worth no
 * wait and no question to other workers. A task that is not due is asked about when it comes again.
 * Only a task that no other worker can hold is started, or passed on.
 */
final class DeliveryTriage {
  /** A lost task of less work than this is rerun instead of asking the other workers. */
  static final long SHORT_MICROS = 100_000;

  private DeliveryTriage() {}

  /** What is to be done with a delivery; each settles it in its own way. */
  enum Verdict {
    /** A second copy of a task that is held here: acknowledge it. */
    DUPLICATE,
    /** A task that is held here and whose first delivery is void: this one takes its place. */
    RESUME,
    /** A task that this worker has settled: acknowledge it again. */
    SETTLED,
    /** Draining, and another worker may hold the task: send it around under its own id. */
    DEFER,
    /** Draining: put the task back, uncharged, for another worker. */
    HAND_BACK,
    /** Nobody wants the outcomes: acknowledge it and remember it as settled. */
    DROP,
    /** Not due: put it back to wait for the rest of its delay. */
    WAIT,
    /** The worker that held the task is taken for lost: charge a loss and run it again. */
    RERUN,
    /** Another worker may hold the task: ask the others. */
    ASK,
    /** This worker cannot run its function and others can: give it to them after a moment. */
    PASS_ON,
    /** Run it. */
    START,
    /** Must run in isolation, and another such task is held here: put it off, uncharged. */
    PUT_OFF,
    /** Was lost before: run it once everything that this worker puts back is in the queue. */
    START_WHEN_PUT_BACK
  }

  /** What a worker knows. Each fact is asked for only where the verdict depends on it. */
  interface Facts {
    /** Whether the task with this id is held here. */
    boolean holds(String id);

    /** Whether the delivery of a task that is held here can still be settled. */
    boolean holdsLive(String id);

    boolean hasSettled(String id);

    boolean draining();

    /** Whether its owner has gone or has cancelled everything. */
    boolean isUnwanted(TaskMessage task);

    /** How long its calls must still wait; 0 or less for not at all. */
    long delayMillis(TaskMessage task);

    /** Microseconds that a call of its function takes here; 0 where nothing is known. */
    double averageMicros(TaskMessage task);

    /** Whether tasks of its function go to other workers without a try. */
    boolean passesOn(TaskMessage task);

    /** Whether a task that must run in isolation is held here. */
    boolean holdsIsolated();
  }

  static Verdict judge(TaskMessage task, Delivery delivery, Facts facts) {
    if (facts.holds(task.id())) {
      return facts.holdsLive(task.id()) ? Verdict.DUPLICATE : Verdict.RESUME;
    }
    if (facts.hasSettled(task.id())) {
      return Verdict.SETTLED;
    }
    if (facts.draining()) {
      return mayBeHeldElsewhere(delivery) ? Verdict.DEFER : Verdict.HAND_BACK;
    }
    if (facts.isUnwanted(task)) {
      return Verdict.DROP;
    }
    if (!Republisher.isDue(facts.delayMillis(task))) {
      return Verdict.WAIT;
    }
    if (mayBeHeldElsewhere(delivery)) {
      return isShort(task, facts) && !HostLossRecovery.isApart(task) ? Verdict.RERUN : Verdict.ASK;
    }
    if (facts.passesOn(task)) {
      return Verdict.PASS_ON;
    }
    if (task.counts().hostLosses() == 0) {
      return Verdict.START;
    }
    return HostLossRecovery.isApart(task) && facts.holdsIsolated()
        ? Verdict.PUT_OFF
        : Verdict.START_WHEN_PUT_BACK;
  }

  /** Whether another worker has had the task, and may still have it. */
  private static boolean mayBeHeldElsewhere(Delivery delivery) {
    return delivery.redelivered()
        || delivery.message().headers().containsKey(Headers.SUSPECT)
        || Leases.isLeased(delivery.message());
  }

  private static boolean isShort(TaskMessage task, Facts facts) {
    double micros = task.count() * facts.averageMicros(task);
    return micros > 0 && micros < SHORT_MICROS;
  }
}

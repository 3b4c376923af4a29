package dev.warren.worker.consume;

import dev.warren.broker.Delivery;
import dev.warren.wire.Headers;
import dev.warren.wire.TaskMessage;
import dev.warren.worker.consume.redelivery.HostLossRecovery;
import dev.warren.worker.consume.send.Republisher;
import dev.warren.worker.meter.Verdict;

/**
 * Decides what happens to a delivered task. {@link TaskConsumer} supplies the facts and carries out
 * the verdict; this class changes nothing. Stateless.
 *
 * <p>The order of the questions matters. A task that this worker holds or has settled needs no
 * further question. A draining worker accepts nothing new. A task whose outcomes are unwanted
 * neither waits nor is asked about. A task with a delay left is asked about when it comes again.
 * Only a task that no other worker can hold is started or passed on.
 */
final class DeliveryTriage {
  /** A lost task of less work than this is rerun instead of asking the other workers. */
  static final long SHORT_MICROS = 100_000;

  private DeliveryTriage() {}

  /** What this worker knows. A fact is requested only if the verdict depends on it. */
  interface Facts {
    /** Whether the task with this id is held here. */
    boolean holds(String id);

    /** Whether the delivery of a held task can still be settled. */
    boolean holdsLive(String id);

    boolean hasSettled(String id);

    boolean draining();

    /** Whether the owner is gone or has cancelled all its calls. */
    boolean isUnwanted(TaskMessage task);

    /** Milliseconds that its calls must still wait; 0 or less for none. */
    long delayMillis(TaskMessage task);

    /** Average microseconds per call of its function here; 0 if unknown. */
    double averageMicros(TaskMessage task);

    /** Whether tasks of its function are passed on to other workers without a try. */
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
      return isShort(task, facts) && !HostLossRecovery.runsInIsolation(task)
          ? Verdict.RERUN
          : Verdict.ASK;
    }
    if (facts.passesOn(task)) {
      return Verdict.PASS_ON;
    }
    if (task.counts().hostLosses() == 0) {
      return Verdict.START;
    }
    return HostLossRecovery.runsInIsolation(task) && facts.holdsIsolated()
        ? Verdict.PUT_OFF
        : Verdict.START_WHEN_PUT_BACK;
  }

  /** Whether another worker has received the task and may still hold it. */
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

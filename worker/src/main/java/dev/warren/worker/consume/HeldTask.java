package dev.warren.worker.consume;

import dev.warren.broker.Delivery;
import dev.warren.json.Lines;
import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.OutcomeLine;
import dev.warren.wire.TaskMessage;
import dev.warren.worker.history.CallHistory;
import dev.warren.worker.history.HistoryEvent;
import dev.warren.worker.history.HistoryText;
import dev.warren.worker.supervise.calls.CallRun;
import dev.warren.worker.supervise.calls.TaskCalls;
import dev.warren.worker.trace.TaskTrace;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * A task that this worker holds: which of its calls have ended, and how many of these are settled.
 * Confined to the loop.
 *
 * <p>A call is <em>ended</em> once its outcome, or its next attempt, has been handed to the
 * broker's client; it is <em>settled</em> once the broker has confirmed that. The delivery is
 * acknowledged when all calls are settled, and only then: a worker that dies earlier leaves the
 * message in the queue. {@link #tryEnd} and {@link #settled} are the only writers.
 */
final class HeldTask implements TaskCalls {
  private final long number;
  private final TaskMessage task;
  private final boolean again;
  private final CallSettlement settlement;
  private final OwnerClocks clocks;
  private final Stages stages;
  private final String settingsKey;
  private final String functionName;
  private final BitSet ended;
  private final CallHistory history;
  // null without tracing
  private final @Nullable TaskTrace trace;
  private Delivery delivery;
  private long heldSince;
  private long arrived;
  private int unsettled;
  private long busyMicros;
  private boolean partlyGivenBack;
  private boolean measured;

  /**
   * Creates a run none of whose calls has ended.
   *
   * @param tasks gives its number, and begins its history
   * @param again whether its calls run again, or were handed back
   * @param stages notified of its progress
   */
  HeldTask(
      HeldTasks tasks,
      TaskMessage task,
      boolean again,
      Delivery delivery,
      CallSettlement settlement,
      OwnerClocks clocks,
      Stages stages) {
    this.number = tasks.nextNumber();
    this.task = task;
    this.again = again;
    this.delivery = delivery;
    this.settlement = settlement;
    this.clocks = clocks;
    this.stages = stages;
    this.settingsKey = task.settings().key();
    this.functionName = task.function().toString();
    this.ended = new BitSet(task.count());
    this.unsettled = task.count();
    this.history = tasks.histories().begin(task, delivery.redelivered(), again, ended);
    this.trace = tasks.trace(task, again);
    this.history.readBy(trace);
  }

  @Override
  public long number() {
    return number;
  }

  @Override
  public TaskMessage task() {
    return task;
  }

  @Override
  public boolean isRequeued() {
    return again;
  }

  @Override
  public boolean hasExpired() {
    return clocks.hasExpired(task);
  }

  @Override
  public String settingsKey() {
    return settingsKey;
  }

  @Override
  public String functionName() {
    return functionName;
  }

  @Override
  public long arrived() {
    return arrived;
  }

  @Override
  public boolean ended(int index) {
    return ended.get(index);
  }

  @Override
  public CallHistory history() {
    return history;
  }

  @Override
  public @Nullable String traceparents(int from, int to, long now) {
    return trace == null ? null : trace.given(from, to, now);
  }

  @Override
  public void childRecycles(int index, String why) {
    if (trace != null) {
      trace.childRecycles(index, why);
    }
  }

  /** This attempt of a call has failed. */
  void failing(int index, RemoteFailure failure) {
    if (trace != null) {
      trace.failed(index, failure);
    }
  }

  private void traceEnded(int from, int to, long busyMicros) {
    if (trace != null) {
      trace.ended(from, to, busyMicros);
    }
  }

  /** The correlation id of its outcomes; null if their calls are numbered. */
  @Nullable String replyCorrelation() {
    if (task.numbered()) {
      return null;
    }
    String given = task.correlationId();
    return given == null ? task.id() : given;
  }

  boolean allEnded() {
    return ended.cardinality() == task.count();
  }

  /** Marks a call as ended. Returns false if it already was. */
  boolean tryEnd(int index) {
    if (ended.get(index)) {
      return false;
    }
    ended.set(index);
    return true;
  }

  @Override
  public void outcomes(int from, Lines lines, CallRun run) {
    int to = from + lines.count();
    long busyMicros = run.busyMicros();
    history.took(from, to, busyMicros);
    int earlier = ended.nextSetBit(from);
    if ((earlier < 0 || earlier >= to) && OutcomeLine.areValues(lines)) {
      ended.set(from, to);
      traceEnded(from, to, busyMicros);
      send(from, lines, run);
    } else {
      for (int index = from; index < to; index++) {
        outcome(index, lines.get(index - from), run.one(index - from, lines.count()));
      }
    }
    if (!measured && allEnded()) {
      measured = true;
      stages.measured(this);
    }
  }

  private void outcome(int index, Payload line, CallRun run) {
    if (!tryEnd(index)) {
      return;
    }
    if (!OutcomeLine.isWellFormed(line)) {
      RemoteFailure broken = OutcomeLine.notAnOutcome(line, task.counts().attempt());
      failing(index, broken);
      send(index, broken, run);
    } else if (OutcomeLine.isValue(line)) {
      send(index, Lines.single(line), run);
    } else {
      try {
        settlement.failed(this, index, line, run);
      } catch (RuntimeException | Error e) {
        settlement.unsent(this, index, e);
      }
    }
    traceEnded(index, index + 1, run.busyMicros());
  }

  /**
   * Sends outcomes of calls that are marked as ended; every call is settled, even if sending fails.
   */
  private void send(int from, Lines lines, CallRun run) {
    try {
      settlement.send(this, from, lines, run);
    } catch (RuntimeException | Error e) {
      for (int i = 0; i < lines.count(); i++) {
        settlement.unsent(this, from + i, e);
      }
    }
  }

  private void send(int index, RemoteFailure failure, CallRun run) {
    try {
      settlement.send(this, index, failure, run);
    } catch (RuntimeException | Error e) {
      settlement.unsent(this, index, e);
    }
  }

  @Override
  public void fail(int index, RemoteFailure failure) {
    if (tryEnd(index)) {
      if (failure.kind() != FailureKind.CANCELLED && failure.kind() != FailureKind.EXPIRED) {
        history.add(HistoryEvent.FAILED, index, HistoryText.failure(failure));
      }
      failing(index, failure);
      try {
        settlement.failedForGood(this, index, failure);
      } catch (RuntimeException | Error e) {
        settlement.unsent(this, index, e);
      }
      traceEnded(index, index + 1, 0);
    }
  }

  @Override
  public void childLost(int index, RemoteFailure evidence) {
    if (tryEnd(index)) {
      history.add(HistoryEvent.CHILD_DIED, index, HistoryText.evidence(evidence));
      failing(index, evidence);
      try {
        settlement.childLost(this, index, evidence);
      } catch (RuntimeException | Error e) {
        settlement.unsent(this, index, e);
      }
      traceEnded(index, index + 1, 0);
    }
  }

  /**
   * Records that the broker has confirmed the outcomes or next attempts of the calls at positions
   * {@code from} to {@code to} (exclusive).
   */
  void settled(int from, int to) {
    unsettled -= to - from;
    if (unsettled > 0 || history.isNotable()) { // otherwise nobody will ask
      history.confirmed(from, to);
    }
    if (unsettled == 0) {
      delivery.ack();
      stages.finished(this);
    }
  }

  /**
   * Some of its calls are handed back unstarted, so its busy time says nothing about the time of a
   * task.
   */
  void givesBack() {
    partlyGivenBack = true;
  }

  /** Whether the busy time of all its calls is known. */
  boolean isMeasured() {
    return measured;
  }

  boolean isPartlyGivenBack() {
    return partlyGivenBack;
  }

  /** When the present delivery arrived or its renewal was published, on the loop's clock, in ns. */
  long heldSince() {
    return heldSince;
  }

  void heldSince(long nanos) {
    heldSince = nanos;
    arrived = arrived == 0 ? nanos : arrived;
  }

  /** Adds time that children spent in its calls. */
  void busy(long micros) {
    busyMicros += micros;
  }

  long busyMicros() {
    return busyMicros;
  }

  Delivery delivery() {
    return delivery;
  }

  /** Notified, on the loop, of a run's progress. */
  interface Stages {
    /** All its calls have ended, the last of them in a child; their busy time is known. */
    default void measured(HeldTask held) {}

    /** All its calls are settled and its delivery is acknowledged. */
    void finished(HeldTask held);
  }

  /**
   * Replaces the delivery: the message was redelivered because the connection of the first delivery
   * was lost.
   */
  void redelivered(Delivery again) {
    history.deliveredAgain();
    delivery = again;
  }
}

package dev.warren.worker.meter;

import dev.warren.lifecycle.TimeSource;
import dev.warren.meter.Counter;
import dev.warren.meter.EnumCounters;
import dev.warren.meter.Histogram;
import dev.warren.meter.Label;
import dev.warren.meter.Meter;
import dev.warren.meter.Meters;
import dev.warren.meter.OutcomeCounters;
import dev.warren.task.FailureKind;
import dev.warren.wire.TaskMessage;
import dev.warren.worker.config.KillReason;
import dev.warren.worker.config.RecycleReason;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Counts and measures what a worker does. Written on the loop, read on any thread. */
public final class WorkerMeters {
  private static final long MEMORY_FRESH_NANOS = 1_000_000_000L;

  private final Meters meters;
  private final OutcomeCounters outcomes;
  private final EnumCounters<AttemptReason> attempts;
  private final EnumCounters<Verdict> deliveries;
  private final Counter malformed;
  private final EnumCounters<ChildStart> childStarts;
  private final Map<KillReason, Counter> kills = new EnumMap<>(KillReason.class);
  private final Map<RecycleReason, Counter> recycles = new EnumMap<>(RecycleReason.class);
  private final EnumCounters<Takeover> takeovers;
  private final Map<FailureKind, Counter> dead = new EnumMap<>(FailureKind.class);
  private final Histogram queueWait;
  private final Histogram childStart;
  private final FunctionTimes runTimes;
  // volatile: written on the loop
  private volatile ChildrenNow now = ChildrenNow.NONE;

  public WorkerMeters(Meters meters) {
    this.meters = meters;
    outcomes = new OutcomeCounters(meters);
    attempts = meters.counters(Definitions.ATTEMPTS, AttemptReason.class);
    deliveries = meters.counters(Definitions.DELIVERIES, Verdict.class);
    malformed = meters.counter(Definitions.DELIVERIES, Definitions.MALFORMED);
    childStarts = meters.counters(Definitions.CHILD_STARTS, ChildStart.class);
    for (String end : List.of(Definitions.DIED, Definitions.NOT_READY, Definitions.STOPPED)) {
      meters.counter(Definitions.CHILD_ENDS, end);
    }
    for (KillReason reason : KillReason.values()) {
      kills.put(reason, meters.counter(Definitions.CHILD_ENDS, Definitions.end(reason)));
    }
    for (RecycleReason reason : RecycleReason.values()) {
      recycles.put(reason, meters.counter(Definitions.CHILD_ENDS, Definitions.end(reason)));
    }
    takeovers = meters.counters(Definitions.TAKEOVERS, Takeover.class);
    for (FailureKind kind : FailureKind.values()) {
      dead.put(kind, meters.counter(Definitions.DEAD, kind.wire()));
    }
    queueWait = meters.histogram(Definitions.QUEUE_WAIT);
    childStart = meters.histogram(Definitions.CHILD_START);
    runTimes = new FunctionTimes(meters);
  }

  /** Meters that nobody looks at. */
  public static WorkerMeters detached() {
    return new WorkerMeters(new Meters());
  }

  /** Definitions of the meters that only workers have. */
  public static List<Meter> definitions() {
    return Definitions.ALL;
  }

  // ---- calls

  /** Counts how calls ended. */
  public OutcomeCounters outcomes() {
    return outcomes;
  }

  /** Attempts of a task's calls have ended. */
  public void attempted(TaskMessage task, int calls) {
    attempts.of(AttemptReason.of(task.counts())).add(calls);
  }

  /** A task has arrived; returns what was decided about it. */
  public Verdict delivered(Verdict verdict) {
    deliveries.of(verdict).increment();
    return verdict;
  }

  /** A message has arrived that is not a task. */
  public void deliveredMalformed() {
    malformed.increment();
  }

  /** A call, or a message that is not a task, is dead-lettered. */
  public void deadLettered(FailureKind kind) {
    increment(dead.get(kind));
  }

  /** Calls were given to a child after this wait. */
  public void waited(long nanos, int calls) {
    queueWait.record(nanos, calls);
  }

  /** Calls of a function took this time together. */
  public void ran(String function, int calls, long totalMicros) {
    runTimes.of(function).record(totalMicros * 1000 / Math.max(1, calls), calls);
  }

  // ---- children

  public void childStarted(ChildStart why) {
    childStarts.of(why).increment();
  }

  /** A child is ready; its start took this time. */
  public void childReady(long nanos) {
    childStart.record(nanos);
  }

  /** A child that was ready leaves or has died. */
  public void slotVacant(boolean successorReady) {
    takeovers.of(successorReady ? Takeover.READY : Takeover.LATE).increment();
  }

  /** A recycled child has ended. */
  public void childRecycled(RecycleReason reason) {
    increment(recycles.get(reason));
  }

  /** A child that this worker killed has ended. */
  public void childKilled(KillReason reason) {
    increment(kills.get(reason));
  }

  /** A child has ended that this worker neither recycled nor killed. */
  public void childDied(boolean wasReady) {
    String why = wasReady ? Definitions.DIED : Definitions.NOT_READY;
    meters.counter(Definitions.CHILD_ENDS, why).increment();
  }

  /** A child has ended because the worker stops. */
  public void childStopped() {
    meters.counter(Definitions.CHILD_ENDS, Definitions.STOPPED).increment();
  }

  private static void increment(@Nullable Counter counter) {
    if (counter != null) {
      counter.increment();
    }
  }

  // ---- the present

  /** The state of the children has changed, possibly. */
  public void show(ChildrenNow newNow) {
    now = newNow;
  }

  /**
   * Begins to show the present.
   *
   * @param residentBytes memory of the process with this id; called on threads that read
   */
  public void showPresent(LongUnaryOperator residentBytes) {
    for (SlotState state : SlotState.values()) {
      meters.gauge(Definitions.SLOTS, () -> now.in(state), Label.value(state));
    }
    meters.gauge(Definitions.BACKLOG, () -> now.backlogMicros() / 1e6);
    Memory memory = new Memory(residentBytes);
    for (MemoryStat stat : MemoryStat.values()) {
      meters.gauge(Definitions.CHILD_MEMORY, () -> memory.read(stat), Label.value(stat));
    }
  }

  /** Reads the memory of the children at most once a second. Thread-safe. */
  private final class Memory {
    private final LongUnaryOperator residentBytes;
    private long readAt = TimeSource.SYSTEM.nanos() - MEMORY_FRESH_NANOS;
    private long sum;
    private long max;

    Memory(LongUnaryOperator residentBytes) {
      this.residentBytes = residentBytes;
    }

    synchronized long read(MemoryStat stat) {
      long time = TimeSource.SYSTEM.nanos();
      if (time - readAt >= MEMORY_FRESH_NANOS) {
        readAt = time;
        sum = 0;
        max = 0;
        for (long pid : now.pids()) {
          long bytes = residentBytes.applyAsLong(pid);
          sum += bytes;
          max = Math.max(max, bytes);
        }
      }
      return stat == MemoryStat.SUM ? sum : max;
    }
  }
}

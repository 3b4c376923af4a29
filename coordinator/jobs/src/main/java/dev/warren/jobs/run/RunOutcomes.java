package dev.warren.jobs.run;

import dev.warren.jobs.journal.Journal;
import dev.warren.jobs.journal.RunStatistics;
import dev.warren.jobs.store.CrashPoint;
import dev.warren.json.Lines;
import dev.warren.pool.engine.DurableCalls;
import dev.warren.pool.engine.pending.PendingTask;
import dev.warren.pool.engine.pending.RanBy;
import dev.warren.task.Payload;
import dev.warren.wire.OutcomeLine;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What arrives for the calls of one run: outcomes go to the journal, lost calls to the run's
 * thread, which is woken. Called on threads of the broker; the run's thread asks what has arrived.
 */
final class RunOutcomes implements DurableCalls.Keeper {
  private final Journal journal;
  private final RunStatistics statistics;
  private final JobSignal signal;
  private final boolean failFast;
  private final AtomicLong ended;
  private final Queue<PendingTask> missing = new ConcurrentLinkedQueue<>();
  // volatile: set by the threads of the broker
  private volatile boolean failedFast;
  // of outcomes that the same thread reports next. volatile: outcomes of cancelled calls, which no
  // worker ran, come on another thread
  private volatile Ran ran = new Ran(0, 0, RanBy.NOBODY);

  /**
   * Creates a keeper.
   *
   * @param failFast whether to look for failures
   * @param ended number of calls of the round that have ended before
   */
  RunOutcomes(
      Journal journal, RunStatistics statistics, JobSignal signal, boolean failFast, long ended) {
    this.journal = journal;
    this.statistics = statistics;
    this.signal = signal;
    this.failFast = failFast;
    this.ended = new AtomicLong(ended);
  }

  /** Number of calls of the round that have ended. */
  long ended() {
    return ended.get();
  }

  /** Whether a call has failed, in a job that ends with its first failure. */
  boolean failedFast() {
    return failedFast;
  }

  /** Takes a task that no queue and no worker has; null if there is none. */
  @Nullable PendingTask pollMissing() {
    return missing.poll();
  }

  @Override
  public void ran(long number, int count, RanBy by) {
    statistics.ran(by, count);
    ran = new Ran(number, count, by);
  }

  /** Where calls with consecutive numbers ran. */
  private record Ran(long first, int count, RanBy by) {
    /** The same for some calls; nobody if it does not tell about them. */
    RanBy of(long number, int calls) {
      long from = number - first;
      return from < 0 || from + calls > count
          ? RanBy.NOBODY
          : by.slice((int) from, (int) from + calls);
    }
  }

  @Override
  public void outcome(long number, Payload line) {
    outcomes(number, Lines.single(line), 0, 1);
  }

  @Override
  public void outcomes(long number, Lines lines, int from, int to) {
    CrashPoint.OUTCOMES_ARRIVED.reached();
    journal.outcomes(number, lines, from, to, ran.of(number, to - from));
    if (failFast && !failedFast) {
      for (int i = from; i < to; i++) {
        failedFast |= !OutcomeLine.isValue(lines.get(i));
      }
    }
    ended.addAndGet(to - from);
    signal.give();
  }

  @Override
  public CompletionStage<Void> kept() {
    return CrashPoint.BEFORE_ACKNOWLEDGING.isChosen()
        ? journal.kept().thenRun(CrashPoint.BEFORE_ACKNOWLEDGING::reached)
        : journal.kept();
  }

  @Override
  public void missing(PendingTask task) {
    missing.add(task);
    signal.give();
  }
}

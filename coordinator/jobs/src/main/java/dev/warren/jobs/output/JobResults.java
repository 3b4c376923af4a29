package dev.warren.jobs.output;

import dev.warren.jobs.store.JobRecord;
import dev.warren.jobs.store.JobState;
import dev.warren.jobs.store.StoredJob;
import dev.warren.pool.JsonOutcomes;
import dev.warren.pool.PoolInterruptedException;
import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.OutcomeLine;
import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The outcomes of a job, in the order of its input, while it is running or afterwards. Reads the
 * journal, so it sees only what can no longer be lost, and needs memory for one batch. Confined to
 * one thread at a time.
 *
 * <p>{@link #hasNext} waits for the next call's outcome, and returns false after the last one. A
 * call that a cancelled job never ran has a failure of kind CANCELLED. If the job is retried
 * meanwhile, calls that were returned before are not returned again. An interrupt while it waits is
 * thrown as {@link PoolInterruptedException}.
 */
public final class JobResults implements Iterator<JsonOutcomes.Item>, AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final RemoteFailure NEVER_RUN =
      RemoteFailure.of(FailureKind.CANCELLED, "cancelled", 1);

  private final StoredJob job;
  private final EndedCalls ended;
  private final OutcomeLines lines;
  private final boolean waits;
  private long next;
  private long batchFirst;
  private @Nullable Payload[] batch = new @Nullable Payload[0];

  /**
   * Creates an iterator, which closes the job when it is closed.
   *
   * @param from index of the first call
   * @param waits whether to wait for outcomes; otherwise the iteration ends before the first call
   *     without one
   */
  public JobResults(StoredJob job, long from, boolean waits) {
    this.job = job;
    this.next = from;
    this.waits = waits;
    this.ended = new EndedCalls(job);
    this.lines = new OutcomeLines(job);
  }

  /** Index of the next call. */
  public long position() {
    return next;
  }

  /** Whether the next outcome can be returned without waiting. */
  public boolean isReady() {
    return next < batchFirst + batch.length || readMore();
  }

  @Override
  public boolean hasNext() {
    while (!isReady()) {
      JobRecord record = job.record();
      if (record.state().isEnded() && !readMore()) {
        return fillNeverRun(record);
      }
      if (!waits || next >= record.calls()) {
        return false;
      }
      try {
        TimeUnit.NANOSECONDS.sleep(POLL.toNanos());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new PoolInterruptedException("waiting for the outcome of call " + next, e);
      }
    }
    return true;
  }

  /** Reads the next batch if the next call has ended. */
  private boolean readMore() {
    if (!ended.has(next)) {
      ended.update();
    }
    if (!ended.has(next)) {
      return false;
    }
    int count = ended.run(next, Long.MAX_VALUE, lines.batch());
    batch = lines.read(next, count);
    batchFirst = next;
    return true;
  }

  /** Prepares the outcomes of calls that a cancelled job never ran. */
  private boolean fillNeverRun(JobRecord record) {
    if (next >= record.calls() || record.state() == JobState.DELETED) {
      return false;
    }
    batch = new @Nullable Payload[ended.run(next, record.calls(), 10_000)];
    batchFirst = next;
    return true;
  }

  @Override
  public JsonOutcomes.Item next() {
    if (!hasNext()) {
      throw new NoSuchElementException("call " + next + " has no outcome");
    }
    int at = (int) (next - batchFirst);
    Payload line = batch[at];
    batch[at] = null;
    return item(next++, line);
  }

  static JsonOutcomes.Item item(long index, @Nullable Payload line) {
    if (line == null) {
      return new JsonOutcomes.Item(index, null, NEVER_RUN);
    }
    return OutcomeLine.readChecked(line)
        .fold(
            value -> new JsonOutcomes.Item(index, value, null),
            failure -> new JsonOutcomes.Item(index, null, failure));
  }

  @Override
  public void close() {
    job.close();
  }
}

package dev.warren.jobs.journal;

import dev.warren.jobs.store.Commit;
import dev.warren.jobs.store.CrashPoint;
import dev.warren.jobs.store.JobCounts;
import dev.warren.jobs.store.StoreException;
import dev.warren.jobs.store.StoredJob;
import dev.warren.jobs.store.SupersededException;
import dev.warren.json.Lines;
import dev.warren.lifecycle.LogThrottle;
import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.NamedThreads;
import dev.warren.lifecycle.TimeSource;
import dev.warren.meter.Histogram;
import dev.warren.pool.engine.pending.RanBy;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.CallRanges;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;

/**
 * Writes what happens to a job's calls into its store. Thread-safe; its methods return at once, and
 * what they were given is written in their order by the journal's own thread: whatever came while
 * the last transaction was written is the next transaction. An idle journal writes at once.
 *
 * <p>If the database fails, the journal tries again until it succeeds, and stages stay incomplete
 * meanwhile. If another coordinator has taken the job over, all stages fail with {@link
 * SupersededException}, now and later. Stages complete on the journal's thread: what depends on
 * them must not block.
 */
public final class Journal implements AutoCloseable {
  private static final Logger log = Logs.of(Journal.class);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);
  private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long MAX_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final StoredJob job;
  private final long epoch;
  private final Consumer<SupersededException> onSuperseded;
  private final TimeSource time;
  private final Histogram commits;
  private final OutcomeTally tally;
  private final EntryQueue queue;
  private final Thread thread;
  private final CountDownLatch ended = new CountDownLatch(1);
  // confined to the thread
  private final LogThrottle failures = new LogThrottle(Duration.ofMinutes(1));
  private final AtomicBoolean closing = new AtomicBoolean();
  // set once, before the queue ends; read by the thread
  private volatile long closeByNanos;

  private Journal(
      StoredJob job,
      long epoch,
      Function<RemoteFailure, Cause> causeOf,
      RunStatistics statistics,
      Consumer<SupersededException> onSuperseded,
      TimeSource time,
      Histogram commits) {
    this.job = job;
    this.epoch = epoch;
    this.onSuperseded = onSuperseded;
    this.time = time;
    this.commits = commits;
    this.tally = new OutcomeTally(causeOf, statistics, time);
    this.queue = new EntryQueue(time);
    this.thread = NamedThreads.unstarted("job-journal", this::run);
  }

  /**
   * Starts a journal.
   *
   * @param job stays open until the journal is closed
   * @param epoch that of the job's owner, this process
   * @param causeOf called for each failure except cancellations, on the journal's thread
   * @param statistics stored now and then
   * @param onSuperseded called once, on the journal's thread, if another coordinator has taken the
   *     job over
   * @param commits measures the transactions
   */
  public static Journal start(
      StoredJob job,
      long epoch,
      Function<RemoteFailure, Cause> causeOf,
      RunStatistics statistics,
      Consumer<SupersededException> onSuperseded,
      TimeSource time,
      Histogram commits) {
    Journal journal = new Journal(job, epoch, causeOf, statistics, onSuperseded, time, commits);
    journal.thread.start();
    return journal;
  }

  /**
   * Calls have ended. Ignored if the journal has ended; {@link #kept} then fails.
   *
   * @param firstNumber number of the call whose outcome is line {@code from}; those of the lines
   *     behind it follow
   * @param to end of the lines, exclusive
   * @param ran where the calls ran
   */
  public void outcomes(long firstNumber, Lines lines, int from, int to, RanBy ran) {
    if (from < to) {
      queue.add(new Entry.Outcomes(firstNumber, lines.slice(from, to), ran));
    }
  }

  /**
   * Calls are about to be published; publish them when the stage has completed.
   *
   * @param boundaries in which messages; opaque to the journal
   * @param cursor position in the calls to run after these
   */
  public CompletionStage<Void> published(CallRanges calls, Payload boundaries, long cursor) {
    return add(new Entry.Published(calls, boundaries, cursor, new CompletableFuture<>()));
  }

  /**
   * The job's state changes, in the transaction of the last outcomes given before.
   *
   * @param added calls that end with it and have no outcome
   */
  public CompletionStage<Void> change(Commit.Change change, JobCounts added) {
    return add(new Entry.Changed(change, added, new CompletableFuture<>()));
  }

  private CompletionStage<Void> add(Entry.Awaited entry) {
    Exception refusal = queue.add(entry);
    if (refusal != null) {
      entry.stage().completeExceptionally(refusal);
    }
    return entry.stage();
  }

  /** A stage that completes when everything given before is written; it may be complete already. */
  public CompletionStage<Void> kept() {
    return queue.kept();
  }

  private void run() {
    try {
      for (List<Entry> entries = queue.take(); !entries.isEmpty(); entries = queue.take()) {
        if (!write(entries)) {
          return;
        }
        complete(entries);
      }
    } catch (SupersededException e) {
      queue.end(e);
      fail(e);
      log.warn("{}", e.getMessage());
      onSuperseded.accept(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      StoreException interrupted = new StoreException("the journal was interrupted", e);
      queue.end(interrupted);
      fail(interrupted);
    } catch (RuntimeException | Error e) {
      StoreException broken = new StoreException("the journal of " + job + " failed: " + e, e);
      queue.end(broken);
      fail(broken);
      throw e;
    } finally {
      ended.countDown();
    }
  }

  /** Returns false if the journal was closed before the database could write. */
  private boolean write(List<Entry> entries) throws SupersededException, InterruptedException {
    Commit commit = Transaction.combine(entries, tally, Instant.ofEpochMilli(time.epochMillis()));
    if (commit == null) {
      return true;
    }
    long began = time.nanos();
    for (long pause = FIRST_PAUSE_NANOS; ; pause = Math.min(pause * 2, MAX_PAUSE_NANOS)) {
      try {
        CrashPoint.BEFORE_COMMIT.reached();
        job.commit(epoch, commit);
        commits.record(time.nanos() - began);
        CrashPoint.COMMITTED.reached();
        if (pause > FIRST_PAUSE_NANOS) {
          log.info(
              "{} writes its outcomes again, after {} ms",
              job,
              TimeUnit.NANOSECONDS.toMillis(time.nanos() - began));
        }
        return true;
      } catch (RuntimeException | Error e) {
        logFailure(commit, e);
        if (queue.awaitEnd(pause) && isTooLate(e)) {
          return false;
        }
      }
    }
  }

  /** Nothing is lost: the broker delivers again what was not written. */
  private void logFailure(Commit commit, Throwable failure) {
    if (!failures.allows(time.nanos())) {
      return;
    }
    long outcomes = commit.added().ended();
    String more = failures.heldBack();
    if (failure instanceof StoreException) {
      log.warn("{} outcomes wait: {}; trying again{}", outcomes, failure.getMessage(), more);
    } else {
      log.error("{} outcomes wait because of a bug; trying again{}", outcomes, more, failure);
    }
  }

  /** While it closes, the journal tries again without pauses until its time is over. */
  private boolean isTooLate(Throwable failure) throws InterruptedException {
    if (time.nanos() - closeByNanos < 0) {
      TimeUnit.NANOSECONDS.sleep(FIRST_PAUSE_NANOS);
      return false;
    }
    fail(new StoreException("the journal was closed before it could write", failure));
    return true;
  }

  private static void complete(List<Entry> entries) {
    for (Entry entry : entries) {
      if (entry instanceof Entry.Awaited awaited) {
        awaited.stage().complete(null);
      }
    }
  }

  private void fail(Exception reason) {
    for (Entry entry : queue.drain()) {
      if (entry instanceof Entry.Awaited awaited) {
        awaited.stage().completeExceptionally(reason);
      }
    }
  }

  /**
   * Writes what it was given, for at most 10 seconds, and accepts nothing more. Stages of what
   * could not be written fail. Idempotent. If the thread is interrupted, it returns at once.
   */
  @Override
  public void close() {
    if (!closing.getAndSet(true)) {
      closeByNanos = time.nanos() + CLOSE_LIMIT.toNanos();
    }
    queue.end(new IllegalStateException("the journal is closed"));
    if (Thread.currentThread() == thread) {
      return;
    }
    try {
      if (!ended.await(CLOSE_LIMIT.toSeconds() + 1, TimeUnit.SECONDS)) {
        log.warn("{} was closed while its database did not answer", job);
        fail(new StoreException("the journal was closed while its database did not answer", null));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

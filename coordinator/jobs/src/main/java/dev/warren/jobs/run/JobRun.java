package dev.warren.jobs.run;

import dev.warren.broker.BrokerException;
import dev.warren.jobs.cause.CauseReader;
import dev.warren.jobs.journal.Journal;
import dev.warren.jobs.journal.RunStatistics;
import dev.warren.jobs.meter.JobMeters;
import dev.warren.jobs.spec.Arguments;
import dev.warren.jobs.spec.JobDefinition;
import dev.warren.jobs.store.CallNumber;
import dev.warren.jobs.store.Commit;
import dev.warren.jobs.store.CrashPoint;
import dev.warren.jobs.store.JobCounts;
import dev.warren.jobs.store.JobRecord;
import dev.warren.jobs.store.JobRequest;
import dev.warren.jobs.store.JobState;
import dev.warren.jobs.store.StoredJob;
import dev.warren.json.Lines;
import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.TimeSource;
import dev.warren.meter.Histogram;
import dev.warren.pool.engine.DurableCalls;
import dev.warren.pool.engine.JobHost;
import dev.warren.pool.engine.pending.PendingTask;
import dev.warren.pool.engine.pending.RanBy;
import dev.warren.pool.engine.submit.CallSpec;
import dev.warren.pool.engine.trace.JobTrace;
import dev.warren.task.Payload;
import dev.warren.task.TaskOptions;
import dev.warren.wire.OutcomeLine;
import dev.warren.wire.SecretIds;
import java.time.Duration;
import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * One job, from the moment this process owns it until it ends, is taken over, or this process gives
 * it up. Its thread publishes calls and changes the state; outcomes arrive on threads of the broker
 * and go to the journal.
 *
 * <p>For maintainers: a state is committed before anything is done because of it. Every write names
 * the epoch, so after another coordinator has taken over, the journal fails, and this run ends
 * without further effect.
 */
final class JobRun implements DurableCalls.Keeper {
  private static final Logger log = Logs.of(JobRun.class);

  /** Maximum wait between two rounds of the loop, in milliseconds. */
  private static final long ROUND_MS = 200;

  /** How often the store is asked for requests of other processes. */
  private static final long LOOK_NANOS = 500_000_000L;

  /** How long the outcomes of cancelled calls are awaited. */
  private static final Duration CANCEL_WAIT = Duration.ofSeconds(10);

  private final StoredJob job;
  private final JobHost host;
  private final TimeSource time;
  private final JobRecord start;
  private final JobDefinition definition;
  private final History history;
  private final RunStatistics statistics;
  private final Journal journal;
  private final DurableCalls calls;
  private final @Nullable JobTrace trace;
  private final JobFeed feed;
  private final JobSignal signal = new JobSignal();
  private final Queue<PendingTask> missing = new ConcurrentLinkedQueue<>();
  private final AtomicLong ended;
  // volatile: set by the threads of the broker
  private volatile boolean failedFast;
  // of outcomes that the same thread reports next. volatile: outcomes of cancelled calls, which no
  // worker ran, come on another thread
  private volatile Ran ran = new Ran(0, 0, RanBy.NOBODY);
  // volatile: set by other threads
  private volatile boolean givenUp;
  private volatile boolean asked = true;
  private JobState state;
  private long lookedNanos;
  private long cancelledNanos;

  /**
   * Creates a run of a job that this process has just acquired.
   *
   * @param epoch this process's epoch
   */
  JobRun(StoredJob job, long epoch, JobHost host, TimeSource time) {
    this.job = job;
    this.host = host;
    this.time = time;
    start = job.record();
    state = start.state();
    definition = JobDefinition.ofJson(start.definition());
    history = History.read(job, start);
    ended = new AtomicLong(history.ended());
    CrashPoint.HISTORY_READ.reached();
    statistics = new RunStatistics(job.statistics(), time.nanos());
    Histogram commits = host.meters().meters().histogram(JobMeters.JOURNAL_COMMIT);
    journal =
        Journal.start(job, epoch, new CauseReader(), statistics, this::superseded, time, commits);
    String pool = host.names().pool();
    trace = JobTrace.start(host.tracing(), pool, definition.function(), start.name());
    calls = new DurableCalls(host, wireJob(), this, time);
    Arguments arguments = new Arguments(definition.lines(), definition.arity());
    double averageBytes = (double) start.inputBytes() / Math.max(1, start.calls());
    feed =
        new JobFeed(
            job,
            history.plan(),
            start.published(),
            arguments,
            calls.calls(),
            journal,
            averageBytes,
            signal::give);
  }

  private DurableCalls.Job wireJob() {
    String secret = start.secret();
    SecretIds ids =
        SecretIds.of(
            Long.parseUnsignedLong(secret.substring(0, 16), 16),
            Long.parseUnsignedLong(secret.substring(16), 16));
    CallSpec spec =
        new CallSpec(definition.function(), definition.captured(), definition.options(), trace);
    return new DurableCalls.Job(
        start.id(), ids, spec, definition.settings(), definition.chunkSize());
  }

  /**
   * Runs the job until it has ended, or another coordinator has it, or {@link #giveUp} is called.
   * The outcomes that arrived are kept in any case.
   *
   * @return whether the job has ended
   */
  boolean run() throws InterruptedException {
    try {
      begin();
      while (!isGivenUp() && !isOver()) {
        step();
        signal.await(ROUND_MS);
      }
      if (!isGivenUp()) {
        end();
      }
      return state.isEnded();
    } finally {
      calls.stop();
      journal.close();
      JobTrace.ended(trace, false);
    }
  }

  /** Enters the calls in flight and begins to receive outcomes; waits for the broker. */
  private void begin() throws InterruptedException {
    long[] sent = {0};
    history.forEachOpen(
        (first, count, open) -> {
          calls.calls().enterSent(first, open, count);
          sent[0] += open.count();
        });
    CrashPoint.CALLS_ENTERED.reached();
    log.info(
        "job {}: {} calls, {} ended, {} in flight; round {}, {}",
        start.name(),
        start.calls(),
        start.counts().ended(),
        sent[0],
        start.round(),
        state);
    while (!isGivenUp()) {
      try {
        calls.start();
        CrashPoint.SUBSCRIBED.reached();
        break;
      } catch (BrokerException e) {
        log.warn("job {} waits for the broker: {}", start.name(), e.getMessage());
        signal.await(5_000);
      }
    }
    if (host.local()) {
      calls.forEachOpen(missing::add); // this process's broker is new: it has none of them
    }
    if (state == JobState.CANCELLING) {
      cancelCalls();
    }
  }

  private void step() {
    long now = time.nanos();
    if (asked || now - lookedNanos > LOOK_NANOS) {
      asked = false;
      lookedNanos = now;
      obey(job.record().request());
    }
    feed.send();
    for (PendingTask task = missing.poll(); task != null; task = missing.poll()) {
      if (state != JobState.CANCELLING) {
        log.info(
            "job {}: calls from {} on are in no queue and held by no worker; sending them again",
            start.name(),
            CallNumber.index(task.first));
        CrashPoint.BEFORE_SENDING_AGAIN.reached();
        feed.sendAgain(task);
      }
    }
    if (state == JobState.RUNNING && failedFast) {
      cancel("fail fast");
    }
    while (state == JobState.RUNNING && mayStart() && feed.readMore()) {
      feed.send();
    }
  }

  /** Whether the delay of the job's calls, which begins when it is accepted, is over. */
  private boolean mayStart() {
    TaskOptions options = definition.options();
    return (options.delay() == null && options.notBefore() == null)
        || !start
            .created()
            .plus(options.untilStart(start.created()))
            .isAfter(Instant.ofEpochMilli(time.epochMillis()));
  }

  private void obey(JobRequest request) {
    if (state == JobState.CANCELLING) {
      return; // nothing else is done any more
    }
    if (request == JobRequest.CANCEL) {
      cancel("request");
    } else if (request == JobRequest.PAUSE && state == JobState.RUNNING) {
      change(JobState.PAUSED, "request");
    } else if (request == JobRequest.RESUME && state == JobState.PAUSED) {
      change(JobState.RUNNING, "request");
    } else if (request != JobRequest.NONE) {
      change(state, "request"); // nothing to do; the request is taken off
    }
  }

  private void cancel(String who) {
    change(JobState.CANCELLING, who);
    if (state == JobState.CANCELLING) {
      cancelCalls();
    }
  }

  private void cancelCalls() {
    cancelledNanos = time.nanos();
    feed.drop();
    calls.calls().abandon();
  }

  /** Commits a new state, with everything before. */
  private void change(JobState to, String who) {
    change(to, who, JobCounts.ZERO);
  }

  private void change(JobState to, String who, JobCounts added) {
    Commit.Change change = new Commit.Change(to, start.round(), who);
    if (await(journal.change(change, added))) {
      log.info("job {}: {} -> {}", start.name(), state, to);
      state = to;
    }
  }

  /** Waits for the journal; returns false if the job is given up before it has answered. */
  private boolean await(CompletionStage<Void> stage) {
    while (!isGivenUp()) {
      try {
        stage.toCompletableFuture().get(ROUND_MS, TimeUnit.MILLISECONDS);
        return true;
      } catch (TimeoutException e) {
        log.trace("job {} waits for its journal", start.name(), e);
      } catch (ExecutionException e) {
        log.warn("job {} is given up: {}", start.name(), String.valueOf(e.getCause()));
        givenUp = true;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        givenUp = true;
      }
    }
    return false;
  }

  private boolean isGivenUp() {
    return givenUp || host.closed().getAsBoolean();
  }

  private boolean isOver() {
    if (state == JobState.CANCELLING) {
      return calls.openCalls() == 0 || time.nanos() - cancelledNanos > CANCEL_WAIT.toNanos();
    }
    return ended.get() == history.plan().size();
  }

  private void end() {
    CrashPoint.ALL_ENDED.reached();
    calls.stop(); // later outcomes of cancelled calls must not be counted twice
    if (!await(journal.kept())) {
      return;
    }
    JobCounts counts = job.record().counts();
    if (state == JobState.CANCELLING) {
      boolean failed = definition.options().failFast() && counts.failed() > 0;
      JobState last = failed ? JobState.FAILED : JobState.CANCELLED;
      change(last, "coordinator", new JobCounts(0, 0, start.calls() - counts.ended()));
    } else {
      boolean good = counts.succeeded() == start.calls();
      change(good ? JobState.SUCCEEDED : JobState.FAILED, "coordinator");
    }
    if (state.isEnded()) {
      CrashPoint.LAST_STATE_STORED.reached();
      calls.deleteResults();
      CrashPoint.RESULTS_DELETED.reached();
    }
  }

  /** Stops the run; the job goes on with the next coordinator. Does not wait. */
  void giveUp() {
    givenUp = true;
    signal.give();
  }

  /** A request may be waiting. */
  void look() {
    asked = true;
    signal.give();
  }

  private void superseded(Throwable why) {
    log.warn("job {} is given up: {}", start.name(), why.getMessage());
    giveUp();
  }

  // ---- outcomes

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
    if (definition.options().failFast() && !failedFast) {
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

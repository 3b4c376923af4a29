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
import dev.warren.jobs.store.SupersededException;
import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.TimeSource;
import dev.warren.meter.Histogram;
import dev.warren.pool.engine.DurableCalls;
import dev.warren.pool.engine.JobHost;
import dev.warren.pool.engine.pending.PendingTask;
import dev.warren.pool.engine.submit.CallSpec;
import dev.warren.pool.engine.trace.JobTrace;
import dev.warren.task.TaskOptions;
import dev.warren.wire.SecretIds;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * One job, from the moment this process owns it until it ends, is taken over, or this process gives
 * it up. Its thread publishes calls and changes the state; outcomes arrive in {@link RunOutcomes}.
 *
 * <p>For maintainers: a state is committed before anything is done because of it. Every write names
 * the epoch, so after another coordinator has taken over, the journal fails, and this run ends
 * without further effect.
 */
final class JobRun {
  private static final Logger log = Logs.of(JobRun.class);

  /** Maximum wait between two rounds of the loop, in milliseconds. */
  private static final long ROUND_MS = 200;

  /** How often the store is asked for requests of other processes. */
  private static final long LOOK_NANOS = 500_000_000L;

  /** How long the outcomes of cancelled calls are awaited. */
  private static final Duration CANCEL_WAIT = Duration.ofSeconds(10);

  private final Stored stored;
  private final JobHost host;
  private final TimeSource time;
  private final JobSignal signal;
  private final Journal journal;
  private final RunOutcomes outcomes;
  private final DurableCalls calls;
  private final JobFeed feed;
  private final @Nullable JobTrace trace;
  // volatile: set by other threads
  private volatile boolean asked = true;
  private JobState state;
  private long lookedNanos;
  private long cancelledNanos;

  private JobRun(Stored stored, JobHost host, TimeSource time, Parts parts) {
    this.stored = stored;
    this.host = host;
    this.time = time;
    this.signal = parts.signal;
    this.journal = parts.journal;
    this.outcomes = parts.outcomes;
    this.calls = parts.calls;
    this.feed = parts.feed;
    this.trace = parts.trace;
    this.state = stored.start.state();
  }

  /** What the store had when the run began. */
  private record Stored(StoredJob job, JobRecord start, JobDefinition definition, History history) {
    static Stored read(StoredJob job) {
      JobRecord start = job.record();
      JobDefinition definition = JobDefinition.ofJson(start.definition());
      return new Stored(job, start, definition, History.read(job, start));
    }

    DurableCalls.Job wireJob(@Nullable JobTrace trace) {
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

    JobFeed feed(DurableCalls calls, Journal journal, Runnable wake) {
      return new JobFeed(
          job,
          history.plan(),
          start.published(),
          new Arguments(definition.lines(), definition.arity()),
          calls.calls(),
          journal,
          (double) start.inputBytes() / Math.max(1, start.calls()),
          wake);
    }
  }

  /** What a run works with. */
  private record Parts(
      JobSignal signal,
      Journal journal,
      RunOutcomes outcomes,
      DurableCalls calls,
      JobFeed feed,
      @Nullable JobTrace trace) {}

  /**
   * Reads the state of a job that this process has just acquired, and starts its journal; {@link
   * #run} ends both.
   *
   * @param epoch this process's epoch
   */
  static JobRun open(StoredJob job, long epoch, JobHost host, TimeSource time) {
    Stored stored = Stored.read(job);
    CrashPoint.HISTORY_READ.reached();
    String name = stored.start.name();
    RunStatistics statistics = new RunStatistics(job.statistics(), time.nanos());
    JobTrace trace =
        JobTrace.start(host.tracing(), host.names().pool(), stored.definition.function(), name);
    JobSignal signal = new JobSignal();
    Consumer<SupersededException> superseded =
        why -> {
          log.warn("job {} is given up: {}", name, why.getMessage());
          signal.stop();
        };
    Histogram commits = host.meters().meters().histogram(JobMeters.JOURNAL_COMMIT);
    Journal journal =
        Journal.start(job, epoch, new CauseReader(), statistics, superseded, time, commits);
    boolean failFast = stored.definition.options().failFast();
    RunOutcomes outcomes =
        new RunOutcomes(journal, statistics, signal, failFast, stored.history.ended());
    DurableCalls calls = new DurableCalls(host, stored.wireJob(trace), outcomes, time);
    JobFeed feed = stored.feed(calls, journal, signal::give);
    return new JobRun(stored, host, time, new Parts(signal, journal, outcomes, calls, feed, trace));
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
    stored.history.forEachOpen(
        (first, count, open) -> {
          calls.calls().enterSent(first, open, count);
          sent[0] += open.count();
        });
    CrashPoint.CALLS_ENTERED.reached();
    log.info(
        "job {}: {} calls, {} ended, {} in flight; round {}, {}",
        stored.start.name(),
        stored.start.calls(),
        stored.start.counts().ended(),
        sent[0],
        stored.start.round(),
        state);
    while (!isGivenUp()) {
      try {
        calls.start();
        CrashPoint.SUBSCRIBED.reached();
        break;
      } catch (BrokerException e) {
        log.warn("job {} waits for the broker: {}", stored.start.name(), e.getMessage());
        signal.await(5_000);
      }
    }
    if (host.local()) {
      calls.forEachOpen(outcomes::missing); // this process's broker is new: it has none of them
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
      obey(stored.job.record().request());
    }
    feed.send();
    for (PendingTask task = outcomes.pollMissing(); task != null; task = outcomes.pollMissing()) {
      if (state != JobState.CANCELLING) {
        log.info(
            "job {}: calls from {} on are in no queue and held by no worker; sending them again",
            stored.start.name(),
            CallNumber.index(task.first));
        CrashPoint.BEFORE_SENDING_AGAIN.reached();
        feed.sendAgain(task);
      }
    }
    if (state == JobState.RUNNING && outcomes.failedFast()) {
      cancel("fail fast");
    }
    while (state == JobState.RUNNING && mayStart() && feed.readMore()) {
      feed.send();
    }
  }

  /** Whether the delay of the job's calls, which begins when it is accepted, is over. */
  private boolean mayStart() {
    TaskOptions options = stored.definition.options();
    return (options.delay() == null && options.notBefore() == null)
        || !stored
            .start
            .created()
            .plus(options.untilStart(stored.start.created()))
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
    Commit.Change change = new Commit.Change(to, stored.start.round(), who);
    if (await(journal.change(change, added))) {
      log.info("job {}: {} -> {}", stored.start.name(), state, to);
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
        log.trace("job {} waits for its journal", stored.start.name(), e);
      } catch (ExecutionException e) {
        log.warn("job {} is given up: {}", stored.start.name(), String.valueOf(e.getCause()));
        signal.stop();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        signal.stop();
      }
    }
    return false;
  }

  private boolean isGivenUp() {
    return signal.isStopped() || host.closed().getAsBoolean();
  }

  private boolean isOver() {
    if (state == JobState.CANCELLING) {
      return calls.openCalls() == 0 || time.nanos() - cancelledNanos > CANCEL_WAIT.toNanos();
    }
    return outcomes.ended() == stored.history.plan().size();
  }

  private void end() {
    CrashPoint.ALL_ENDED.reached();
    calls.stop(); // later outcomes of cancelled calls must not be counted twice
    if (!await(journal.kept())) {
      return;
    }
    JobCounts counts = stored.job.record().counts();
    if (state == JobState.CANCELLING) {
      boolean failed = stored.definition.options().failFast() && counts.failed() > 0;
      JobState last = failed ? JobState.FAILED : JobState.CANCELLED;
      change(last, "coordinator", new JobCounts(0, 0, stored.start.calls() - counts.ended()));
    } else {
      boolean good = counts.succeeded() == stored.start.calls();
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
    signal.stop();
  }

  /** A request may be waiting. */
  void look() {
    asked = true;
    signal.give();
  }
}

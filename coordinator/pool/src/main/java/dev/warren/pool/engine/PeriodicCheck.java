package dev.warren.pool.engine;

import dev.warren.cluster.LostTaskWatch;
import dev.warren.lifecycle.LogThrottle;
import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.TimeSource;
import dev.warren.pool.engine.collect.ResultSubscription;
import dev.warren.pool.engine.pending.LocalOutcome;
import dev.warren.pool.engine.pending.PendingCalls;
import dev.warren.pool.engine.submit.Submission;
import dev.warren.pool.engine.threads.Decoding;
import dev.warren.pool.engine.threads.EngineThreads;
import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;

/**
 * What an engine checks every half second: whether calls must fail because the broker has been
 * unreachable for too long, whether results that are held back have space now, and whether tasks
 * have been lost. The checks run on a thread that may block, one at a time.
 */
final class PeriodicCheck {
  private static final Logger log = Logs.of(PeriodicCheck.class);
  private static final long PERIOD_MS = 500;

  private final OpenJobs jobs;
  private final Submission submission;
  private final ResultSubscription results;
  private final LostTaskWatch lostTasks;
  private final BrokerAbsence absence;
  private final EngineThreads threads;
  private final Decoding decoding;
  private final TimeSource time;
  // confined to one check at a time; calls may be submitted throughout an outage
  private final LogThrottle unavailable = new LogThrottle(Duration.ofMinutes(1));
  private final AtomicBoolean running = new AtomicBoolean();

  PeriodicCheck(
      OpenJobs jobs,
      Submission submission,
      ResultSubscription results,
      LostTaskWatch lostTasks,
      BrokerAbsence absence,
      EngineThreads threads,
      Decoding decoding,
      TimeSource time) {
    this.jobs = jobs;
    this.submission = submission;
    this.results = results;
    this.lostTasks = lostTasks;
    this.absence = absence;
    this.threads = threads;
    this.decoding = decoding;
    this.time = time;
  }

  /** Begins; it ends with the threads. */
  void start() {
    threads.every(PERIOD_MS, this::begin);
  }

  private void begin() {
    decoding.passStuck();
    if (running.compareAndSet(false, true)) {
      threads.onFeeder(
          () -> {
            try {
              check();
            } finally {
              running.set(false);
            }
          });
    }
  }

  private void check() {
    String why = absence.look();
    if (why != null) {
      brokerUnavailable(why);
    }
    results.goOn();
    jobs.forEach(ActiveJob::mayGoOn);
    if (results.holdsBack()) {
      lostTasks.cannotTell();
    } else {
      lostTasks.look();
    }
  }

  /**
   * Fails all open calls for this reason and tells the workers to drop them. The pool stays open.
   */
  private void brokerUnavailable(String why) {
    if (jobs.count() == 0) {
      return;
    }
    PendingCalls table = submission.table();
    if (unavailable.allows(time.nanos())) {
      log.warn(
          "{}; {} calls end without a result{}", why, table.openCalls(), unavailable.heldBack());
    }
    Payload line =
        LocalOutcome.line(
            FailureKind.BROKER_UNAVAILABLE, why + "; whether the call was run is unknown");
    jobs.forEach(job -> job.terminated(line));
    submission.flush();
    table.forEach(task -> submission.canceller().cancel(task, line, true));
    jobs.forEach(job -> job.terminated(line));
  }
}

package dev.warren.cli.map;

import dev.warren.cli.kit.CommandFailure;
import dev.warren.cli.kit.ExitCode;
import dev.warren.cli.kit.Signals;
import dev.warren.jobs.Job;
import dev.warren.jobs.JobConflictException;
import dev.warren.jobs.JobSpec;
import dev.warren.jobs.Jobs;
import dev.warren.jobs.output.JobResults;
import dev.warren.jobs.spec.LineException;
import dev.warren.jobs.store.JobRecord;
import dev.warren.jobs.store.JobState;
import dev.warren.jobs.store.JobStore;
import dev.warren.jobs.store.StoreException;
import dev.warren.jobs.store.sql.SqlStore;
import dev.warren.lifecycle.NamedThreads;
import dev.warren.lifecycle.TimeSource;
import dev.warren.pool.JsonOutcomes;
import dev.warren.pool.Pool;
import dev.warren.pool.PoolInterruptedException;
import dev.warren.task.Payload;
import dev.warren.task.RemoteFailure;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A run of {@code map --job}: submits the job or goes on with it, and writes its outcomes in the
 * order of the input, from the first one, as they are stored. The main thread writes, a timer shows
 * progress, signals arrive on threads of the JVM.
 */
final class JobMap {
  private static final long TICK_MILLIS = 300;

  private final Parts parts;
  private final PrintStream err;
  private final boolean quiet;
  private final RunSummary summary = new RunSummary(TimeSource.SYSTEM);
  private final Thread main = Thread.currentThread();
  // volatile: set by threads of the JVM and the timer
  private volatile boolean interrupted;
  private volatile @Nullable String unavailable;
  private String firstFailure = "";

  /**
   * What a run works with.
   *
   * @param brokerTimeout how long the broker may be away
   */
  record Parts(
      String store,
      Pool.Builder pool,
      JobSpec.Builder spec,
      FileOptions files,
      PoolNotes notes,
      boolean verboseErrors,
      Duration brokerTimeout) {}

  JobMap(Parts parts, PrintStream err, boolean quiet) {
    this.parts = parts;
    this.err = err;
    this.quiet = quiet;
  }

  /** Runs to the end of the job; returns the exit code. */
  int run() throws IOException {
    try (JobStore store = SqlStore.open(parts.store);
        Pool pool = parts.pool.open();
        Jobs jobs = Jobs.open(store, pool);
        InOut files = parts.files.openForJob(output -> isOutputOf(jobs, output))) {
      Job job = submit(jobs, files);
      try {
        return follow(job, files);
      } catch (IOException e) {
        return MapRun.unwritable(e, files);
      }
    } catch (StoreException e) {
      throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
    }
  }

  private boolean isOutputOf(Jobs jobs, Path file) {
    return jobs.find(parts.spec.name())
        .map(job -> file.toString().equals(Jobs.definition(job.status()).output()))
        .orElse(false);
  }

  private Job submit(Jobs jobs, InOut files) throws IOException {
    try {
      return jobs.submit(parts.spec.input(files.lines()::next).build());
    } catch (JobConflictException e) {
      throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
    } catch (IllegalArgumentException e) {
      boolean text = e.getCause() instanceof LineException line && line.mayBeText();
      throw new CommandFailure(
          ExitCode.USAGE,
          (e.getCause() instanceof LineException ? files.inputName() + " " : "")
              + e.getMessage()
              + (text ? " (--lines takes lines as plain strings)" : ""),
          e);
    }
  }

  private int follow(Job job, InOut files) throws IOException {
    JobRecord start = job.status();
    tellStart(start);
    ScheduledExecutorService timer = NamedThreads.timer("map-timer");
    try (Progress progress = Progress.start(quiet, "calls");
        JobResults results = job.results();
        OutcomeWriter writer =
            new OutcomeWriter(files.out(), null, parts.files.withInput(), parts.verboseErrors)) {
      Signals.on(this::interrupt, "INT", "TERM", "HUP");
      var unused =
          timer.scheduleWithFixedDelay(
              () -> tick(job, progress, writer), TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
      write(job, results, writer);
      if (!isStopped()) {
        job.await();
      }
    } catch (InterruptedException | PoolInterruptedException e) {
      Thread.currentThread().interrupt(); // by a signal or the timer, which say why
    } finally {
      timer.shutdownNow();
    }
    return end(job.status(), start.counts().ended());
  }

  private void tellStart(JobRecord start) {
    if (!quiet && (start.counts().ended() > 0 || start.state().isEnded())) {
      err.println(
          "warren: job "
              + start.name()
              + (start.state().isEnded()
                  ? " has ended: " + start.state().text()
                  : ": " + start.counts().ended() + " of " + start.calls() + " calls done before"));
    }
  }

  private void write(Job job, JobResults results, OutcomeWriter writer) throws IOException {
    while (!isStopped() && results.hasNext()) {
      JsonOutcomes.Item item = results.next();
      CallsInFlight.Call call =
          new CallsInFlight.Call(
              item.index(), parts.files.withInput() ? job.input(item.index()) : Payload.EMPTY);
      writer.write(call, item, "");
      RemoteFailure failure = item.failure();
      if (failure == null) {
        summary.succeeded(-1);
      } else {
        summary.failed(failure.kind(), -1);
        if (firstFailure.isEmpty()) {
          firstFailure = MapRun.firstFailure(item.index(), failure);
        }
      }
    }
  }

  private boolean isStopped() {
    return interrupted || unavailable != null;
  }

  /** Called on the timer's thread. */
  private void tick(Job job, Progress progress, OutcomeWriter writer) {
    try {
      JobRecord now = job.status();
      progress.failed(now.counts().failed());
      progress.show(now.counts().ended(), now.calls(), true);
      writer.flush();
    } catch (StoreException | IOException e) {
      return; // the main thread reports it
    }
    long away = parts.notes.brokerAwaySeconds();
    if (away > parts.brokerTimeout.toSeconds()) {
      unavailable = "the broker has been unreachable for " + away + " s";
      main.interrupt();
    }
  }

  /** Called on a thread of the JVM. */
  private void interrupt() {
    if (interrupted) {
      Runtime.getRuntime().halt(ExitCode.INTERRUPTED); // second signal: exit at once
    }
    interrupted = true;
    main.interrupt();
  }

  private int end(JobRecord record, long before) {
    boolean unused = Thread.interrupted(); // how the timer and signals stop a wait
    if (!quiet) {
      err.println("warren: " + summary.line(isStopped(), before, parts.notes.counts()));
    }
    if (isStopped()) {
      String kept = "job " + record.name() + " is kept; the same command goes on where it was";
      if (unavailable != null) {
        throw new CommandFailure(ExitCode.BROKER, unavailable + "; " + kept);
      }
      err.println("warren: " + kept);
      return ExitCode.INTERRUPTED;
    }
    if (record.state() != JobState.SUCCEEDED) {
      long bad = record.calls() - record.counts().succeeded();
      throw new CommandFailure(
          ExitCode.CALLS_FAILED,
          bad
              + " of "
              + record.calls()
              + " calls failed; "
              + firstFailure
              + "; run them again with 'warren jobs retry "
              + record.name()
              + "' and this command");
    }
    return ExitCode.DONE;
  }
}

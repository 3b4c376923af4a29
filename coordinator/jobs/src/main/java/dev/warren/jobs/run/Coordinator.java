package dev.warren.jobs.run;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.jobs.store.CrashPoint;
import dev.warren.jobs.store.JobRecord;
import dev.warren.jobs.store.JobStore;
import dev.warren.jobs.store.StoreException;
import dev.warren.jobs.store.StoredJob;
import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.NamedThreads;
import dev.warren.lifecycle.TimeSource;
import dev.warren.pool.engine.JobHost;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Runs jobs of one pool: a thread per job, which acquires the job, runs it, and starts over if that
 * fails. Renews the leases. Thread-safe.
 */
public final class Coordinator implements AutoCloseable {
  /** How long a coordinator that is not heard of keeps a job. */
  public static final Duration LEASE = Duration.ofSeconds(20);

  private static final Logger log = Logs.of(Coordinator.class);
  private static final long RENEW_MS = 5_000;
  private static final long ACQUIRE_MS = 1_000;
  private static final long ADOPT_MS = 1_000;
  private static final long EXPIRED_MINUTES = 10;

  private final JobStore store;
  private final JobHost host;
  private final OwnerProcess owner = OwnerProcess.current();
  private final TimeSource time;
  private final ScheduledExecutorService timer = NamedThreads.timer("job-lease");

  @GuardedBy("this")
  private final Map<String, Owned> jobs = new HashMap<>();

  @GuardedBy("this")
  private boolean closed;

  /** Creates a coordinator without jobs. */
  public Coordinator(JobStore store, JobHost host, TimeSource time) {
    this.store = store;
    this.host = host;
    this.time = time;
    var unused =
        timer.scheduleWithFixedDelay(
            () -> guarded(this::renewAll), RENEW_MS, RENEW_MS, TimeUnit.MILLISECONDS);
    var unusedToo =
        timer.scheduleWithFixedDelay(
            () -> guarded(this::deleteExpired), 1, EXPIRED_MINUTES, TimeUnit.MINUTES);
  }

  /** Also runs the jobs of the pool that other coordinators have left behind, and new ones. */
  public void adopt() {
    var unused =
        timer.scheduleWithFixedDelay(
            () -> guarded(this::adoptAll), 0, ADOPT_MS, TimeUnit.MILLISECONDS);
  }

  private void deleteExpired() {
    int deleted = store.deleteExpired(Instant.ofEpochMilli(time.epochMillis()));
    if (deleted > 0) {
      log.info("deleted {} jobs that ended long enough ago", deleted);
    }
  }

  private void adoptAll() {
    for (JobRecord record : store.unfinished(host.names().pool())) {
      if (!record.leased() || isDead(record)) {
        var unused = run(record.id());
      }
    }
  }

  /** Whether the job's owner has certainly ended. */
  private boolean isDead(JobRecord record) {
    return record.owner() != null && owner.isDead(record.owner());
  }

  /**
   * Runs a job, if it is not already running here.
   *
   * @return completes with the job's record when it has ended, whoever ran it
   * @throws IllegalStateException if this coordinator was closed
   */
  public CompletableFuture<JobRecord> run(String id) {
    Owned owned;
    synchronized (this) {
      if (closed) {
        throw new IllegalStateException("this coordinator was closed; it runs no more jobs");
      }
      Owned known = jobs.get(id);
      if (known != null) {
        return known.ended;
      }
      owned = new Owned(store.job(id));
      jobs.put(id, owned);
    }
    owned.thread.start();
    return owned.ended;
  }

  /** A request for this job may be waiting. */
  public void look(String id) {
    Owned owned;
    synchronized (this) {
      owned = jobs.get(id);
    }
    JobRun run = owned == null ? null : owned.run;
    if (run != null) {
      run.look();
    }
  }

  private void renewAll() {
    List<Owned> all;
    synchronized (this) {
      all = List.copyOf(jobs.values());
    }
    all.forEach(owned -> guarded(owned::renew)); // one that fails must not cost the others theirs
  }

  private void guarded(Runnable action) {
    try {
      action.run();
    } catch (StoreException e) {
      log.warn("the store does not answer: {}", e.getMessage());
    } catch (RuntimeException | Error e) {
      log.error("a check of the jobs failed; the coordinator continues", e);
    }
  }

  /**
   * Gives all jobs up, so that another coordinator can go on with them at once, and waits until
   * that is done. Calls in flight go on, and their outcomes wait in the broker. An interrupt ends
   * the wait.
   */
  @Override
  public void close() {
    List<Owned> all;
    synchronized (this) {
      closed = true;
      all = List.copyOf(jobs.values());
    }
    all.forEach(Owned::giveUp);
    try {
      for (Owned owned : all) {
        owned.thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    timer.shutdownNow();
  }

  /** A job that this process runs, or waits to run. */
  private final class Owned {
    private final StoredJob job;
    private final CompletableFuture<JobRecord> ended = new CompletableFuture<>();
    private final Thread thread = NamedThreads.unstarted("job", this::live);
    private final JobSignal signal = new JobSignal();
    // volatile: written by the thread, read by others
    private volatile @Nullable JobRun run;
    private volatile long epoch;
    // volatile: set once by close
    private volatile boolean givenUp;

    private Owned(StoredJob job) {
      this.job = job;
    }

    private void live() {
      try {
        while (!givenUp && !host.closed().getAsBoolean() && !ended.isDone()) {
          try {
            runOnce();
          } catch (StoreException e) {
            log.warn("job {} waits for its store: {}", job.id(), e.getMessage());
            signal.await(RENEW_MS);
          } catch (RuntimeException | Error e) {
            log.error("job {} is interrupted; trying again", job.id(), e);
            signal.await(RENEW_MS);
          }
        }
      } catch (InterruptedException e) {
        log.error("the thread of job {} was interrupted", job.id(), e);
      } finally {
        synchronized (Coordinator.this) {
          jobs.remove(job.id(), this);
        }
        job.close();
        ended.completeExceptionally(new IllegalStateException("the coordinator was closed"));
      }
    }

    private void runOnce() throws InterruptedException {
      JobRecord record = job.record();
      if (record.state().isEnded()) {
        ended.complete(record);
        return;
      }
      OptionalLong acquired = job.tryAcquire(owner.toString(), LEASE);
      if (acquired.isEmpty()) {
        waitForOwner(record);
        return;
      }
      epoch = acquired.getAsLong();
      CrashPoint.ACQUIRED.reached();
      try {
        JobRun mine = JobRun.open(job, epoch, host, time);
        run = mine;
        if (givenUp) {
          mine.giveUp();
        }
        if (mine.run()) {
          tellEnd();
        }
      } finally {
        run = null;
        job.release(epoch);
        CrashPoint.RELEASED.reached();
      }
    }

    /** The job has ended, so that it may be deleted at any time. */
    private void tellEnd() {
      try {
        ended.complete(job.record());
      } catch (StoreException e) {
        ended.completeExceptionally(e);
      }
    }

    /** The lease of a process that was killed on this host need not run out. */
    private void waitForOwner(JobRecord record) throws InterruptedException {
      if (isDead(record)) {
        log.info("job {}: its coordinator, {}, has ended", record.name(), record.coordinator());
        job.release(record.epoch());
      } else {
        signal.await(ACQUIRE_MS);
      }
    }

    private void renew() {
      JobRun active = run;
      if (active != null && !job.renew(epoch, LEASE)) {
        active.giveUp();
      }
    }

    private void giveUp() {
      givenUp = true;
      signal.give();
      JobRun active = run;
      if (active != null) {
        active.giveUp();
      }
    }
  }
}

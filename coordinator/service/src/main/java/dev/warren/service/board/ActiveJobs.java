package dev.warren.service.board;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.jobs.progress.JobPace;
import dev.warren.jobs.store.CauseCount;
import dev.warren.jobs.store.JobRecord;
import dev.warren.jobs.store.JobStore;
import dev.warren.jobs.store.StoredJob;
import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.NamedThreads;
import dev.warren.lifecycle.TimeSource;
import dev.warren.service.workers.WorkerTable;
import dev.warren.wire.control.SlotReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Looks at the active jobs of the pool every second, whether or not anybody watches, so that their
 * rates and estimates are known when somebody begins to. Thread-safe.
 */
final class ActiveJobs implements AutoCloseable {
  private static final Logger log = Logs.of(ActiveJobs.class);
  private static final long EVERY_MS = 1_000;
  private static final long CAUSES_FRESH = Duration.ofSeconds(2).toNanos();

  /** Number of jobs whose pace is remembered, active or not. */
  private static final int REMEMBERED = 200;

  private final JobStore store;
  private final String pool;
  private final WorkerTable workers;
  private final TimeSource time;
  private final CallRate rate;
  private final ScheduledExecutorService timer = NamedThreads.timer("job-pace");

  @GuardedBy("this")
  private final Map<String, JobPace> paces = mostRecent();

  @GuardedBy("this")
  private final Map<String, Causes> causes = mostRecent();

  // volatile: replaced as a whole by the timer's thread
  private volatile List<JobRecord> active = List.of();

  /**
   * The causes of a job.
   *
   * @param failed number of failed calls when they were read
   */
  private record Causes(List<CauseCount> list, long failed, long readNanos) {}

  ActiveJobs(JobStore store, String pool, WorkerTable workers, TimeSource time) {
    this.store = store;
    this.pool = pool;
    this.workers = workers;
    this.time = time;
    this.rate = new CallRate(time);
    var unused = timer.scheduleWithFixedDelay(this::look, 0, EVERY_MS, TimeUnit.MILLISECONDS);
  }

  /** A table by job that forgets the least recently used one when there are too many. */
  private static <V> Map<String, V> mostRecent() {
    return new LinkedHashMap<>(16, 0.75f, true) {
      private static final long serialVersionUID = 1;

      @Override
      protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
        return size() > REMEMBERED;
      }
    };
  }

  private void look() {
    try {
      rate.observe(workers.callsEnded());
      List<JobRecord> now = store.unfinished(pool);
      List<JobRecord> ended = new ArrayList<>(active);
      ended.removeIf(job -> now.stream().anyMatch(other -> other.id().equals(job.id())));
      now.forEach(this::observe);
      ended.forEach(job -> observe(lastOf(job)));
      active = now;
    } catch (RuntimeException | Error e) {
      log.debug("the active jobs are not known: {}", String.valueOf(e));
    }
  }

  /** The record of a job that has just ended, for the last point of its rate. */
  private JobRecord lastOf(JobRecord job) {
    return store.find(pool, job.name()).filter(now -> now.id().equals(job.id())).orElse(job);
  }

  private void observe(JobRecord job) {
    List<Double> ages = running(job.id()).stream().map(slot -> slot.runningMillis() / 1e3).toList();
    pace(job.id()).observe(job.calls(), job.counts().ended(), ages);
  }

  /** The slots that are known to run calls of this job. */
  List<SlotReport> running(String id) {
    return workers.states().stream()
        .flatMap(state -> state.slotReports().stream())
        .filter(slot -> id.equals(slot.job()))
        .toList();
  }

  /** The rate of all calls, of jobs and of other programs. */
  CallRate rate() {
    return rate;
  }

  /** The jobs that have not ended. */
  List<JobRecord> active() {
    return active;
  }

  synchronized JobPace pace(String id) {
    return paces.computeIfAbsent(id, any -> new JobPace(time));
  }

  /** The causes of a job's failures, at most some seconds old. Blocks now and then. */
  List<CauseCount> causes(JobRecord job) {
    if (job.counts().failed() == 0) {
      return List.of();
    }
    long now = time.nanos();
    Causes known = known(job.id());
    if (known != null
        && (known.failed == job.counts().failed() || now - known.readNanos < CAUSES_FRESH)) {
      return known.list;
    }
    try (StoredJob stored = store.job(job.id())) {
      Causes read = new Causes(stored.causes(), job.counts().failed(), now);
      synchronized (this) {
        causes.put(job.id(), read);
      }
      return read.list;
    }
  }

  private synchronized @Nullable Causes known(String id) {
    return causes.get(id);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}

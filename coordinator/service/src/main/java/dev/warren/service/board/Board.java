package dev.warren.service.board;

import dev.warren.jobs.store.CauseCount;
import dev.warren.jobs.store.JobRecord;
import dev.warren.jobs.store.JobState;
import dev.warren.jobs.store.JobStore;
import dev.warren.lifecycle.TimeSource;
import dev.warren.pool.engine.JobHost;
import dev.warren.service.http.Problem;
import dev.warren.service.live.Sections;
import dev.warren.service.live.View;
import dev.warren.service.metrics.CoordinatorGauges;
import dev.warren.service.workers.WorkerState;
import dev.warren.service.workers.WorkerTable;
import dev.warren.wire.control.SlotReport;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Opens the views of a coordinator's page, and knows what they have in common. Thread-safe. */
public final class Board implements AutoCloseable {
  private static final String JOB = "job:";
  private static final String CAUSE = "cause:";

  /** Number of recent jobs whose causes are shown together. */
  private static final int RECENT = 5;

  private final JobStore store;
  private final String pool;
  private final WorkerTable workers;
  private final BrokerHealth broker;
  private final ActiveJobs jobs;
  private final CoordinatorGauges gauges;
  private final TimeSource time = TimeSource.SYSTEM;

  private Board(JobStore store, JobHost host, WorkerTable workers, CoordinatorGauges gauges) {
    this.store = store;
    this.pool = host.names().pool();
    this.workers = workers;
    this.gauges = gauges;
    this.broker = BrokerHealth.of(host.broker());
    this.jobs = new ActiveJobs(store, pool, workers, time);
  }

  /** Begins to look at the pool's jobs. */
  public static Board open(
      JobStore store, JobHost host, WorkerTable workers, CoordinatorGauges gauges) {
    return new Board(store, host, workers, gauges);
  }

  /**
   * Opens a view: now, jobs, job:NAME, or cause:NAME:CAUSE.
   *
   * @throws Problem if there is no such view
   */
  public View view(String name) {
    if (name.equals("now")) {
      return new NowView(this);
    }
    if (name.equals("jobs")) {
      return new JobsView(this);
    }
    if (name.startsWith(JOB)) {
      return new JobPage(this, name.substring(JOB.length()));
    }
    int last = name.lastIndexOf(':');
    if (name.startsWith(CAUSE) && last > CAUSE.length()) {
      return new CausePage(this, name.substring(CAUSE.length(), last), name.substring(last + 1));
    }
    throw Problem.badRequest(
        "view is '" + name + "'; must be now, jobs, job:NAME or cause:NAME:CAUSE");
  }

  /**
   * The job that has this name now.
   *
   * @throws Problem if there is none
   */
  JobRecord job(String name) {
    return store
        .find(pool, name)
        .orElseThrow(
            () -> Problem.notFound("there is no job '" + name + "' in pool '" + pool + "'"));
  }

  /** The pool in one sentence. */
  private Header header(List<WorkerState> states) {
    List<JobRecord> active = jobs.active();
    long todo = active.stream().mapToLong(job -> job.calls() - job.counts().ended()).sum();
    long running = Math.min(todo, states.stream().mapToInt(WorkerState::busy).sum());
    int causes =
        (int)
            recent().stream()
                .flatMap(job -> jobs.causes(job).stream())
                .map(CauseCount::fingerprint)
                .distinct()
                .count();
    return Header.of(
        new Header.Facts(
            pool,
            states,
            todo - running,
            gauges.waiting(),
            perSecond(),
            causes,
            gauges.dead(),
            broker.text(),
            Objects.requireNonNullElse(version(), "dev")));
  }

  private static @Nullable String version() {
    return Board.class.getPackage().getImplementationVersion();
  }

  /**
   * Adds what every view has, and asks workers to report while somebody watches; returns the
   * workers that it describes.
   */
  List<WorkerState> common(Sections sections) {
    workers.watch();
    List<WorkerState> states = workers.states();
    sections.put("header", header(states));
    return states;
  }

  /** Calls that end per second, as far as it is known: by jobs, else by what workers report. */
  double perSecond() {
    double ofJobs =
        jobs.active().stream().mapToDouble(job -> jobs.pace(job.id()).perSecond()).sum();
    return ofJobs > 0 ? ofJobs : jobs.rate().perSecond();
  }

  JobStore store() {
    return store;
  }

  ActiveJobs jobs() {
    return jobs;
  }

  Instant now() {
    return Instant.ofEpochMilli(time.epochMillis());
  }

  /** The active jobs, however old, and then the newest others; at most {@code max}. */
  List<JobRecord> newest(int max) {
    Map<String, JobRecord> all = new LinkedHashMap<>();
    store.list(pool, max).stream()
        .filter(job -> job.state() != JobState.DELETED)
        .forEach(job -> all.put(job.id(), job));
    jobs.active().forEach(job -> all.putIfAbsent(job.id(), job));
    return Stream.concat(
            all.values().stream().filter(job -> !job.state().isEnded()),
            all.values().stream().filter(job -> job.state().isEnded()))
        .limit(max)
        .toList();
  }

  /** The active jobs and the newest others, a few in all. */
  List<JobRecord> recent() {
    return newest(RECENT);
  }

  List<CauseCount> causes(JobRecord job) {
    return jobs.causes(job);
  }

  /** The slots that are known to run calls of this job. */
  List<SlotReport> running(JobRecord job) {
    return jobs.running(job.id());
  }

  @Override
  public void close() {
    broker.close();
    jobs.close();
  }
}

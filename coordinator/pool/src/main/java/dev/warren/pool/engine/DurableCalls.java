package dev.warren.pool.engine;

import dev.warren.broker.BrokerException;
import dev.warren.broker.PoolNames;
import dev.warren.broker.Topology;
import dev.warren.cluster.LostTaskWatch;
import dev.warren.cluster.OwnerIdentity;
import dev.warren.cluster.RollCalls;
import dev.warren.cluster.WorkerRegistry;
import dev.warren.json.Lines;
import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.TimeSource;
import dev.warren.pool.engine.collect.Backlog;
import dev.warren.pool.engine.collect.OutcomeBatch;
import dev.warren.pool.engine.collect.PendingCallsSink;
import dev.warren.pool.engine.collect.ResultSubscription;
import dev.warren.pool.engine.pending.PendingTask;
import dev.warren.pool.engine.pending.RanBy;
import dev.warren.pool.engine.pending.Receiver;
import dev.warren.pool.engine.submit.CallSpec;
import dev.warren.pool.engine.submit.Capacity;
import dev.warren.pool.engine.submit.NumberedCalls;
import dev.warren.pool.engine.submit.Submission;
import dev.warren.pool.engine.submit.SubmissionConfig;
import dev.warren.pool.engine.threads.EngineThreads;
import dev.warren.task.Payload;
import dev.warren.wire.Message;
import dev.warren.wire.PoolSettings;
import dev.warren.wire.SecretIds;
import dev.warren.wire.control.Heartbeat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;

/**
 * The calls of one durable job on the workers of a pool: like an {@link Engine}, but the job's
 * keeper assigns the numbers, keeps the outcomes, and has lost calls sent again; the results queue
 * survives this process, and calls never end because the broker is away. Thread-safe.
 */
public final class DurableCalls {
  private static final Logger log = Logs.of(DurableCalls.class);
  private static final long LOOK_MS = 500;

  private final JobHost host;
  private final OwnerIdentity owner;
  private final Keeper keeper;
  private final String id;
  private final EngineThreads threads = new EngineThreads();
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final AtomicBoolean looking = new AtomicBoolean();
  private final Submission submission;
  private final ResultSubscription results;
  private final LostTaskWatch lostTasks;
  private final RollCalls rollCalls;
  private final ClusterMonitor cluster;
  private final NumberedCalls calls;

  /** Keeps the outcomes of a job's calls. Its methods must not block. */
  public interface Keeper {
    /** A worker has run calls, whose outcomes follow. */
    void ran(long number, int count, RanBy by);

    /** A call has ended. */
    void outcome(long number, Payload line);

    /** Calls with consecutive numbers have ended. */
    void outcomes(long number, Lines lines, int from, int to);

    /** Completes when no outcome given so far can be lost. */
    CompletionStage<Void> kept();

    /** No queue and no worker has the task; its open calls must be sent again. */
    void missing(PendingTask task);
  }

  /** Creates the calls; {@link #start} begins. */
  public DurableCalls(JobHost host, Job job, Keeper keeper, TimeSource time) {
    this.host = host;
    this.keeper = keeper;
    id = job.id();
    owner = OwnerIdentity.ofJob(host.names(), job.id(), job.ids());
    WorkerRegistry registry = new WorkerRegistry(event -> {});
    Capacity capacity = new Capacity(host.broker(), registry, host.slots(), host.limit());
    submission =
        new Submission(
            submission(job.settings()),
            capacity,
            Backlog.ofThisProcess(),
            threads,
            time,
            () -> false);
    calls = submission.numbered(job.spec(), job.id(), job.chunkSize(), new ToKeeper());
    PendingCallsSink sink = new PendingCallsSink(submission.table(), host.meters(), time);
    results =
        new ResultSubscription(
            host.broker(),
            host.codecs().results(),
            owner.resultsQueue(),
            submission.table(),
            batch -> accept(sink, batch),
            calls::overtaken,
            () -> false,
            message -> echoed(message));
    lostTasks =
        new LostTaskWatch(
            host.broker(),
            owner,
            host.slots(),
            submission.table(),
            registry,
            (task, line) -> keeper.missing(task),
            time);
    cluster =
        new ClusterMonitor(
            new ClusterMonitor.Member(host.broker(), owner, !host.local(), event -> {}),
            time,
            registry,
            submission.clock(),
            lostTasks);
    rollCalls =
        new RollCalls(cluster::sayHello, host.broker(), owner.resultsQueue(), registry, time);
    lostTasks.askWith(rollCalls);
  }

  /**
   * The job whose calls they are.
   *
   * @param id 26 random letters and digits
   * @param ids computes the ids of its tasks
   * @param chunkSize calls per message; 0 for a size by measured call time
   */
  public record Job(
      String id, SecretIds ids, CallSpec spec, PoolSettings settings, int chunkSize) {}

  private SubmissionConfig submission(PoolSettings settings) {
    return new SubmissionConfig(
        host.broker(),
        owner,
        host.codecs().tasks(),
        settings,
        host.limit(),
        host.cancelGrace(),
        host.local(),
        host.meters(),
        host.tracing());
  }

  /** Enters and sends calls. */
  public NumberedCalls calls() {
    return calls;
  }

  /** Gives each task with calls that have not ended. */
  public void forEachOpen(Consumer<PendingTask> action) {
    submission.table().forEach(action);
  }

  /** Number of calls that are entered and have not ended. */
  public long openCalls() {
    return submission.table().openCalls();
  }

  /**
   * Declares the queues and begins to receive outcomes; the calls that were sent before must have
   * been entered. Blocks until the broker answers.
   *
   * @throws BrokerException if the broker refuses or stays away
   */
  public void start() {
    PoolNames names = owner.names();
    Topology events = PoolNames.privateTopology(owner.eventsQueue(), names.events(), Heartbeat.KEY);
    host.broker().declare(names.topology().and(PoolNames.jobResultsTopology(id)).and(events));
    results.start();
    cluster.start();
    threads.every(LOOK_MS, this::look);
  }

  private void echoed(Message message) {
    rollCalls.echoed(message);
  }

  private void look() {
    if (looking.compareAndSet(false, true)) {
      threads.onFeeder(
          () -> {
            try {
              lostTasks.look();
            } finally {
              looking.set(false);
            }
          });
    }
  }

  /** Whether outcomes are no longer passed on: those that a closing pool makes are not true. */
  private boolean isOver() {
    return stopped.get() || host.closed().getAsBoolean();
  }

  private CompletionStage<Void> accept(PendingCallsSink sink, OutcomeBatch batch) {
    if (isOver()) {
      return CompletableFuture.failedFuture(new IllegalStateException("the job has been stopped"));
    }
    var unused = sink.accept(batch);
    return keeper.kept();
  }

  /** The job has ended: deletes its results queue, so that workers drop what is left of it. */
  public void deleteResults() {
    try {
      if (!host.local()) {
        host.broker().delete(owner.resultsQueue());
      }
    } catch (BrokerException e) {
      log.debug("a job's results queue is not deleted and will expire: {}", e.getMessage());
    }
  }

  /**
   * Receives no more outcomes; those not acknowledged wait for the next coordinator. The calls in
   * flight go on. Does not wait for the keeper.
   */
  public void stop() {
    if (stopped.compareAndSet(false, true)) {
      results.stop();
      cluster.stop();
      host.broker().forget(owner.resultsQueue());
      deleteEvents();
      threads.shutdown();
    }
  }

  private void deleteEvents() {
    try {
      if (host.broker().connected()) {
        host.broker().delete(owner.eventsQueue());
      }
    } catch (BrokerException e) {
      log.debug("an events queue is left until the connection closes: {}", e.getMessage());
    }
  }

  /** Passes outcomes on until the calls are stopped. */
  private final class ToKeeper implements Receiver {
    @Override
    public void ran(long index, int count, RanBy by) {
      if (!isOver()) {
        keeper.ran(index, count, by);
      }
    }

    @Override
    public void outcome(long index, Payload line) {
      if (!isOver()) {
        keeper.outcome(index, line);
      }
    }

    @Override
    public void outcomes(long index, Lines lines, int from, int to) {
      if (!isOver()) {
        keeper.outcomes(index, lines, from, to);
      }
    }
  }
}

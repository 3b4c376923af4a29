package dev.warren.pool.engine;

import dev.warren.broker.BrokerException;
import dev.warren.broker.PoolNames;
import dev.warren.cluster.LostTaskWatch;
import dev.warren.cluster.WorkerRegistry;
import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.NamedThreads;
import dev.warren.lifecycle.StateMachine;
import dev.warren.lifecycle.TimeSource;
import dev.warren.pool.engine.collect.Backlog;
import dev.warren.pool.engine.collect.PendingCallsSink;
import dev.warren.pool.engine.collect.ResultSubscription;
import dev.warren.pool.engine.function.Input;
import dev.warren.pool.engine.pending.JobReceiver;
import dev.warren.pool.engine.pending.LocalOutcome;
import dev.warren.pool.engine.pending.PendingCalls;
import dev.warren.pool.engine.pending.SingleReceiver;
import dev.warren.pool.engine.submit.CallSpec;
import dev.warren.pool.engine.submit.Canceller;
import dev.warren.pool.engine.submit.Capacity;
import dev.warren.pool.engine.submit.DetachedCalls;
import dev.warren.pool.engine.submit.InputFeed;
import dev.warren.pool.engine.submit.Submission;
import dev.warren.pool.engine.threads.Callbacks;
import dev.warren.pool.engine.threads.Decoding;
import dev.warren.pool.engine.threads.EngineThreads;
import dev.warren.task.Payload;
import dev.warren.wire.control.Heartbeat;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;

/**
 * The owner's side of one open pool: accepts calls, sends them, and guarantees that each ends.
 * Called by user threads and by threads of the broker; thread-safe. It holds no reference to the
 * pool object, so that an abandoned pool can be detected.
 *
 * <p>States and transitions: RUNNING → SHUTDOWN (no more calls) → TERMINATED, RUNNING → TERMINATED.
 * The release follows once, when a SHUTDOWN engine has no open job, or at once when it is
 * TERMINATED. Release order: subscriptions, remaining work of the local worker, the results queue,
 * the broker, timers and threads; the callback thread ends last, when it is idle.
 */
public final class Engine {
  /** The life cycle of a pool. */
  public enum State {
    RUNNING,
    SHUTDOWN,
    TERMINATED
  }

  private static final Logger log = Logs.of(Engine.class);

  /** How often a joining thread checks for jobs that wait for the thread itself. */
  private static final long JOIN_LOOK = 50_000_000L;

  /** Maximum wait, during release, for the confirms of the last cancel messages. */
  private static final Duration LAST_CONFIRMS = Duration.ofSeconds(2);

  private final EngineConfig config;
  private final TimeSource time;
  private final StateMachine<State> state =
      StateMachine.named("pool", State.class)
          .edge(State.RUNNING, State.SHUTDOWN)
          .edge(State.RUNNING, State.TERMINATED)
          .edge(State.SHUTDOWN, State.TERMINATED)
          .startingAt(State.RUNNING);
  private final OpenJobs jobs = new OpenJobs(this::releaseIfDone);
  private final Backlog backlog = Backlog.ofThisProcess();
  private final EngineThreads threads = new EngineThreads();
  private final Decoding decoding = threads.newDecoding();
  private final Callbacks callbacks;
  private final Capacity capacity;
  private final Submission submission;
  private final PendingCalls table;
  private final ResultSubscription results;
  private final ClusterMonitor cluster;
  private final PeriodicCheck check;
  private final AtomicBoolean releasing = new AtomicBoolean();
  private final CountDownLatch released = new CountDownLatch(1);

  /** Creates an engine; {@link #start} begins its work. */
  public Engine(EngineConfig config, TimeSource time) {
    this.config = config;
    this.time = time;
    callbacks = new Callbacks(config.callbackExecutor());
    WorkerRegistry registry = new WorkerRegistry(config.listener());
    config.meters().showWorkers(registry::live);
    capacity = new Capacity(config.broker(), registry, config.slots(), config.limit());
    submission =
        new Submission(config.submission(), capacity, backlog, threads, time, this::isTerminated);
    table = submission.table();
    results =
        new ResultSubscription(
            config.broker(),
            config.codecs().results(),
            config.owner().resultsQueue(),
            table,
            new PendingCallsSink(table, config.meters(), time),
            submission::overtaken,
            this::hasNoPlace,
            echo -> {});
    LostTaskWatch lostTasks =
        new LostTaskWatch(
            config.broker(), config.owner(), config.slots(), table, registry, table::endRest, time);
    cluster = new ClusterMonitor(config.member(), time, registry, submission.clock(), lostTasks);
    BrokerAbsence absence = new BrokerAbsence(config.broker(), config.brokerTimeout(), time);
    check =
        new PeriodicCheck(jobs, submission, results, lostTasks, absence, threads, decoding, time);
  }

  /**
   * Declares the pool's queues and subscribes to results and events. From now on the engine is
   * terminated when the JVM shuts down. Blocks until the broker answers.
   *
   * @throws BrokerException if the broker refuses; everything is then released
   */
  public void start() {
    AtExit.terminate(this);
    try {
      PoolNames names = config.owner().names();
      config
          .broker()
          .declare(
              names
                  .topology()
                  .and(PoolNames.resultsTopology(config.owner().client()))
                  .and(
                      PoolNames.privateTopology(
                          config.owner().eventsQueue(), names.events(), Heartbeat.KEY)));
      results.start();
      cluster.start();
    } catch (RuntimeException e) {
      terminate();
      throw e;
    }
    check.start();
  }

  /**
   * Whether further results can wait until some are consumed: the backlog is full, and no open job
   * has a callback or a consumer that is waiting.
   */
  private boolean hasNoPlace() {
    return backlog.isFull() && jobs.allAre(job -> job instanceof LazyJob<?> run && run.canWait());
  }

  // ---- calls

  /**
   * Submits one call.
   *
   * @param args JSON array on one line
   * @throws IllegalStateException if the pool accepts no more calls
   */
  public void submit(CallSpec spec, Payload args, SingleReceiver receiver) {
    begin();
    submission.submit(spec, args, receiver);
  }

  /**
   * Publishes a call whose outcome nobody here waits for; see {@link DetachedCalls}.
   *
   * @throws DetachedCalls.NotPublishedException if the broker refuses it, or does not answer
   * @throws IllegalStateException if the pool accepts no more calls
   */
  public String publish(CallSpec spec, Payload args)
      throws InterruptedException, DetachedCalls.NotPublishedException {
    begin();
    try {
      return submission.detached().publish(spec, args, config.brokerTimeout());
    } finally {
      jobs.end();
    }
  }

  /** Called once by the receiver of a call from {@link #submit} when the call has ended. */
  public void singleEnded() {
    jobs.end();
  }

  /**
   * Starts a job whose outcomes are consumed one by one.
   *
   * @throws IllegalStateException if the pool accepts no more calls
   */
  public <T> LazyJob<T> run(CallSpec spec, Input<T> input, int chunkSize, boolean ordered) {
    LazyJob<T> run = new LazyJob<>(this, submission, spec, input, chunkSize, ordered);
    begin(run);
    run.start();
    return run;
  }

  /**
   * Begins a job whose outcomes are delivered to a receiver, which starts its feed. The receiver is
   * also notified of termination, and must call {@link #end} once.
   *
   * @throws IllegalStateException if the pool accepts no more calls
   */
  public <T, J extends JobReceiver & ActiveJob> InputFeed<T> start(
      CallSpec spec, Input<T> input, int chunkSize, J receiver) {
    InputFeed<T> feed = submission.feed(spec, input, chunkSize, false, receiver);
    begin(receiver);
    return feed;
  }

  /** Called when a job has ended. */
  public void end(ActiveJob job) {
    jobs.end(job);
  }

  /** Cancels calls. */
  public Canceller canceller() {
    return submission.canceller();
  }

  private void begin() {
    jobs.begin();
    if (!state.is(State.RUNNING)) {
      jobs.end();
      throw new IllegalStateException(
          "pool "
              + config.owner().names().pool()
              + (state.is(State.SHUTDOWN) ? " was shut down" : " was terminated")
              + "; it accepts no more calls");
    }
  }

  private void begin(ActiveJob job) {
    begin();
    jobs.add(job);
    if (isTerminated()) {
      job.terminated(LocalOutcome.TERMINATED);
    }
  }

  // ---- for results and jobs

  public TimeSource time() {
    return time;
  }

  /** The executor of callbacks. */
  public Callbacks callbacks() {
    return callbacks;
  }

  /** The threads on which results are decoded. */
  public EngineThreads threads() {
    return threads;
  }

  /** Decodes, in order of arrival, the results for which callbacks are registered. */
  public Decoding decoding() {
    return decoding;
  }

  /** The calling thread is about to wait for this pool without a timeout. */
  public void waitsForEver() {
    cluster.waitsForEver();
  }

  Backlog backlog() {
    return backlog;
  }

  ResultSubscription results() {
    return results;
  }

  /** Total slots of all known workers. */
  public int workerSlots() {
    return capacity.workerSlots();
  }

  /** Number of open jobs; a call submitted by itself counts as one. */
  public long openJobs() {
    return jobs.count();
  }

  /** Number of calls that were submitted one by one or read from an input, and have not ended. */
  public long pendingCalls() {
    return table.openCalls();
  }

  public State state() {
    return state.get();
  }

  public boolean isTerminated() {
    return state.is(State.TERMINATED);
  }

  /** Accepts no more calls; submitted calls continue. */
  public void shutdown() {
    if (state.tryGo(State.SHUTDOWN)) {
      submission.flush();
      releaseIfDone();
    }
  }

  /** Ends everything now; does not wait for the release. */
  public void terminate() {
    if (!state.tryGo(State.TERMINATED)) {
      return;
    }
    jobs.forEach(job -> job.terminated(LocalOutcome.TERMINATED));
    submission.endUnsent();
    table.forEach(task -> table.endRest(task, LocalOutcome.TERMINATED));
    jobs.forEach(job -> job.terminated(LocalOutcome.TERMINATED));
    release();
  }

  /**
   * Waits until every job has ended and everything is released; returns false on timeout.
   *
   * @param nanos maximum wait
   * @throws IllegalStateException if the pool is running
   */
  public boolean join(long nanos) throws InterruptedException {
    if (state.is(State.RUNNING)) {
      throw new IllegalStateException(
          "pool "
              + config.owner().names().pool()
              + " is running; call shutdown or terminate first");
    }
    long start = time.nanos();
    boolean none;
    do {
      jobs.forEach(job -> job.joinedBy(Thread.currentThread()));
      none = jobs.awaitNone(Math.min(JOIN_LOOK, nanos - (time.nanos() - start)), time);
      // not before the first wait: calls whose end their callers have seen may still be counted
      if (!none && nanos == Long.MAX_VALUE) {
        waitsForEver();
      }
    } while (!none && time.nanos() - start < nanos);
    return none
        && (callbacks.inside() || callbacks.awaitIdle(nanos - (time.nanos() - start), time))
        && released.await(nanos - (time.nanos() - start), TimeUnit.NANOSECONDS);
  }

  /** Waits up to {@code nanos} for the release; returns false on timeout. */
  boolean awaitReleased(long nanos) throws InterruptedException {
    return released.await(nanos, TimeUnit.NANOSECONDS);
  }

  private void releaseIfDone() {
    if (state.is(State.SHUTDOWN) && jobs.count() == 0) {
      release();
    }
  }

  private void release() {
    if (releasing.compareAndSet(false, true)) {
      var unused = NamedThreads.start("pool-release", this::releaseAll);
    }
  }

  @Override
  public String toString() {
    return config.owner().names().pool() + " of " + config.owner().client();
  }

  private void releaseAll() {
    try {
      cluster.stop();
      stopWorkers();
      results.stop();
      if (config.localWorker() == null && config.broker().connected()) {
        config.broker().delete(config.owner().resultsQueue());
      }
    } catch (BrokerException e) {
      log.debug("the results queue is not deleted and will expire: {}", e.getMessage());
    } catch (InterruptedException e) {
      log.error("interrupted while releasing a pool", e);
    } finally {
      EngineThreads.guarded(
          () -> table.forEach(task -> table.endRest(task, LocalOutcome.RELEASED)));
      EngineThreads.guarded(config.broker()::close);
      threads.shutdown();
      callbacks.closeWhenIdle();
      EngineThreads.guarded(config.whenReleased());
      AtExit.forget(this);
      released.countDown();
    }
  }

  private void stopWorkers() throws InterruptedException {
    EngineConfig.LocalWorker worker = config.localWorker();
    if (worker != null) {
      worker.end(isTerminated());
    } else if (isTerminated()) {
      submission.canceller().all();
      boolean confirmed = config.broker().flush(LAST_CONFIRMS);
      log.debug("the broker confirmed the cancel messages: {}", confirmed);
    }
  }
}

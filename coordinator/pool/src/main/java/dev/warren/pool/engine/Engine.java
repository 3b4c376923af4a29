package dev.warren.pool.engine;

import dev.warren.broker.BrokerException;
import dev.warren.broker.BrokerListener;
import dev.warren.broker.Delivery;
import dev.warren.broker.PoolNames;
import dev.warren.broker.Route;
import dev.warren.broker.Subscription;
import dev.warren.cluster.ClockSkews;
import dev.warren.cluster.Echoes;
import dev.warren.cluster.LostTaskWatch;
import dev.warren.cluster.WorkerRegistry;
import dev.warren.json.Lines;
import dev.warren.lifecycle.LogThrottle;
import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.NamedThreads;
import dev.warren.lifecycle.StateMachine;
import dev.warren.lifecycle.TimeSource;
import dev.warren.pool.engine.collect.Backlog;
import dev.warren.pool.engine.collect.Callbacks;
import dev.warren.pool.engine.collect.Decoding;
import dev.warren.pool.engine.collect.ResultCollector;
import dev.warren.pool.engine.collect.ResultsPrefetch;
import dev.warren.pool.engine.pending.CallTimes;
import dev.warren.pool.engine.pending.JobReceiver;
import dev.warren.pool.engine.pending.LocalOutcome;
import dev.warren.pool.engine.pending.PendingCalls;
import dev.warren.pool.engine.pending.PendingTask;
import dev.warren.pool.engine.pending.SingleReceiver;
import dev.warren.pool.engine.submit.CallSpec;
import dev.warren.pool.engine.submit.ChunkPlan;
import dev.warren.pool.engine.submit.HeldBack;
import dev.warren.pool.engine.submit.Input;
import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import dev.warren.task.TaskContext;
import dev.warren.task.TaskOptions;
import dev.warren.wire.SecretIds;
import dev.warren.wire.WireFormatException;
import dev.warren.wire.control.Heartbeat;
import dev.warren.wire.control.HelloMessage;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
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
 *
 * <p>The file is long because the engine holds what its parts share, and is the one place that
 * knows the release order.
 */
public final class Engine {
  /** The life cycle of a pool. */
  public enum State {
    RUNNING,
    SHUTDOWN,
    TERMINATED
  }

  private static final Logger log = Logs.of(Engine.class);
  private static final int EVENTS_PREFETCH = 20;
  private static final long WATCH_MS = 500;

  /** How often a joining thread checks for jobs that wait for the thread itself. */
  private static final long JOIN_LOOK = 50_000_000L;

  /** Run time of a message, in round trips, if the next one is sent only after it has ended. */
  private static final double ROUND_TRIPS_PER_CHUNK = 9;

  /** Assumed number of slots while no worker is known. */
  private static final int ASSUMED_SLOTS = 4;

  /** Maximum wait, during release, for cancelled calls that are still running. */
  private static final Duration LAST_CALLS = Duration.ofSeconds(4);

  /** Maximum wait, during release, for the local worker's children. */
  private static final Duration LAST_CHILDREN = Duration.ofSeconds(10);

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
  private final AtomicLong nextNumber = new AtomicLong(1);
  private final AtomicLong nextJob = new AtomicLong(1);
  private final JobCounter work = new JobCounter(this::releaseIfDone);
  private final Set<ActiveJob> jobs = ConcurrentHashMap.newKeySet();
  // confined to the thread that delivers events
  private final LogThrottle oddEvents = new LogThrottle(Duration.ofSeconds(10));
  // confined to one look at a time; calls may be submitted throughout an outage
  private final LogThrottle unavailable = new LogThrottle(Duration.ofMinutes(1));
  private final ClockSkews clockSkews = new ClockSkews();
  private final CallTimes times = new CallTimes();
  private final Backlog backlog = Backlog.ofThisProcess();
  // volatile: written once, by start
  private volatile HeldBack heldBack = new HeldBack(() -> false, delivery -> {});
  private final PendingCalls table = new PendingCalls(this::taskEnded, this::taskGoesOn);
  private final ScheduledExecutorService timer = NamedThreads.timer("pool-timer");
  private final ExecutorService feeders = NamedThreads.elastic("pool-feeder");
  private final ExecutorService results = NamedThreads.single("pool-results");
  private final ExecutorService decoders = NamedThreads.elastic("pool-decoder");
  private final Decoding decoding = newDecoding();
  private final Callbacks callbacks;
  private final WorkerRegistry registry;
  private final NestedWaits nestedWaits;
  private final ClockTeller clockTeller;
  private final TaskPublisher publisher;
  private final SingleCallBatcher batcher;
  private final Canceller canceller;
  private final LostTaskWatch lostTasks;
  private final BrokerAbsence absence;
  private final AtomicBoolean looking = new AtomicBoolean();
  private final AtomicBoolean releasing = new AtomicBoolean();
  private final CountDownLatch released = new CountDownLatch(1);
  // volatile: written by start; the delivering thread may read it earlier
  private volatile @Nullable Subscription resultsSubscription;
  // written by start before the engine is published
  private @Nullable Subscription eventsSubscription;

  /** Creates an engine; {@link #start} begins its work. */
  public Engine(EngineConfig config, TimeSource time) {
    this.config = config;
    this.time = time;
    this.callbacks = new Callbacks(config.callbackExecutor());
    this.registry = new WorkerRegistry(config.listener());
    this.nestedWaits = new NestedWaits(config.owner().names().pool(), registry);
    this.clockTeller = new ClockTeller(this, config, time);
    this.publisher = new TaskPublisher(this, config, table);
    this.batcher = new SingleCallBatcher(this);
    this.canceller = new Canceller(this, config);
    this.lostTasks =
        new LostTaskWatch(config.broker(), config.owner(), config.slots(), table, registry, time);
    this.absence = new BrokerAbsence(config.broker(), config.brokerTimeout(), time);
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
      resultsSubscription = takeResults();
      eventsSubscription =
          config.broker().subscribe(config.owner().eventsQueue(), EVENTS_PREFETCH, this::event);
      config.broker().addListener(new Connection());
      hello();
    } catch (RuntimeException e) {
      terminate();
      throw e;
    }
    var unused =
        timer.scheduleWithFixedDelay(this::look, WATCH_MS, WATCH_MS, TimeUnit.MILLISECONDS);
  }

  private Subscription takeResults() {
    ResultCollector collector =
        new ResultCollector(config.owner().resultsQueue(), table, this::overtaken);
    ResultsPrefetch prefetch = new ResultsPrefetch(ResultsPrefetch.BYTES);
    HeldBack held =
        new HeldBack(
            this::hasNoPlace,
            delivery -> {
              collector.handle(delivery);
              Subscription own = resultsSubscription;
              if (own != null && prefetch.seen(delivery.message().body().length())) {
                own.prefetch(prefetch.current());
              }
            });
    heldBack = held;
    return config
        .broker()
        .subscribe(config.owner().resultsQueue(), ResultsPrefetch.FIRST, held::add);
  }

  /**
   * Whether further results can wait until some are consumed: the backlog is full, and no open job
   * has a callback or a consumer that is waiting.
   */
  private boolean hasNoPlace() {
    return backlog.isFull()
        && work.count() == jobs.size()
        && jobs.stream().allMatch(job -> job instanceof LazyJob<?> run && run.canWait());
  }

  /**
   * Another attempt of an ended call may be running; cancels it. Ignores numbers that were never
   * assigned.
   */
  private void overtaken(long number) {
    if (number < nextNumber.get()) {
      canceller.add(number, true);
    }
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
    batcher.submit(spec, args, receiver);
  }

  /** Called once by the receiver of a call from {@link #submit} when the call has ended. */
  public void singleEnded() {
    work.end();
  }

  /**
   * Starts a job whose outcomes are consumed one by one.
   *
   * @throws IllegalStateException if the pool accepts no more calls
   */
  public <T> LazyJob<T> run(CallSpec spec, Input<T> input, int chunkSize, boolean ordered) {
    LazyJob<T> run = new LazyJob<>(this, spec, input, chunkSize, ordered);
    begin(run);
    run.start();
    return run;
  }

  /**
   * Starts a job whose outcomes are delivered to a receiver. The receiver is also notified of
   * termination, and must call {@link #end} once.
   *
   * @throws IllegalStateException if the pool accepts no more calls
   */
  public <T, J extends JobReceiver & ActiveJob> JobFeed start(
      CallSpec spec, Input<T> input, int chunkSize, J receiver) {
    InputFeed<T> feed = new InputFeed<>(this, spec, input, chunkSize, false, receiver);
    begin(receiver);
    return new JobFeed(feed);
  }

  /** Called when a job has ended. */
  public void end(ActiveJob job) {
    if (jobs.remove(job)) {
      work.end();
    }
  }

  /**
   * Tells the workers to drop a call that its receiver has ended. If the call was sent, its
   * receiver still gets an outcome, which shows what became of the call.
   *
   * @return whether it was sent
   */
  public boolean cancelled(PendingTask task, int index, boolean interrupt) {
    boolean sent = task.sentNanos != 0;
    if (sent) {
      canceller.add(task.first + index, interrupt);
    } else {
      table.forget(task, index);
    }
    return sent;
  }

  /**
   * Tells the workers to drop the task's open calls; returns the number of calls that had not been
   * sent.
   */
  int abandon(PendingTask task, boolean interrupt) {
    int unsent = 0;
    for (int i = 0; i < task.count; i++) {
      if (task.open(i) && !cancelled(task, i, interrupt)) {
        unsent++;
      }
    }
    return unsent;
  }

  /** Ends all open calls of the task with this line, and tells the workers to drop them. */
  void cancel(PendingTask task, Payload line, boolean interrupt) {
    for (int i = 0; i < task.count; i++) {
      if (table.endOne(task, i, line) && task.sentNanos != 0) {
        canceller.add(task.first + i, interrupt);
      }
    }
  }

  private void begin() {
    work.begin();
    if (!state.is(State.RUNNING)) {
      work.end();
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

  void send(PendingTask task, CallSpec spec, String job, Lines args) {
    if (isTerminated()) {
      table.endRest(task, LocalOutcome.TERMINATED);
    } else {
      publisher.send(task, spec, job, args);
    }
  }

  private void taskEnded(PendingTask task) {
    publisher.ended(task);
  }

  private void taskGoesOn(PendingTask task) {
    publisher.sendNextPart(task);
  }

  // ---- shared by the parts

  public TimeSource time() {
    return time;
  }

  /** The executor of callbacks. */
  public Callbacks callbacks() {
    return callbacks;
  }

  /** Runs the action on the one thread that decodes collected results. */
  public void decode(Runnable action) {
    execute(results, action);
  }

  /** Decodes, in order of arrival, the results for which callbacks are registered. */
  public Decoding decoding() {
    return decoding;
  }

  /** A separate decoder for the values of one job, which may run user code. */
  public Decoding newDecoding() {
    return new Decoding(action -> execute(decoders, action));
  }

  /** The calling thread is about to wait for this pool without a timeout. */
  public void waitsForEver() {
    if (TaskContext.insideCall()) {
      nestedWaits.begin(TaskContext.current());
    }
  }

  PendingCalls table() {
    return table;
  }

  TaskPublisher publisher() {
    return publisher;
  }

  CallTimes times() {
    return times;
  }

  Backlog backlog() {
    return backlog;
  }

  HeldBack heldBack() {
    return heldBack;
  }

  long numbers(int count) {
    return nextNumber.getAndAdd(count);
  }

  String newJob() {
    return config.owner().jobId(nextJob.getAndIncrement());
  }

  /** The job id of calls submitted one by one: the id of their task. */
  String taskJob(long first) {
    return config.owner().taskId(first);
  }

  long expiryOf(TaskOptions options) {
    Duration expires = options.expires();
    if (expires == null) {
      return 0;
    }
    clockTeller.callExpires();
    return time.steadyMillis() + expires.toMillis();
  }

  /** Number of calls that run at once, as far as known; used to decide how much to send. */
  int slots() {
    int known = config.slots() > 0 ? config.slots() : registry.slots();
    int slots = known > 0 ? known : ASSUMED_SLOTS;
    return config.limit() > 0 ? Math.min(config.limit(), slots) : slots;
  }

  /**
   * The overhead between the end of a call and the start of the next one, in microseconds, as far
   * as known: a round trip to the broker from here and one from the worker.
   */
  long wayMicros() {
    return config.broker().roundTrip().toNanos() / 1000 + registry.roundTripMicros();
  }

  /**
   * Work per message, in microseconds, that justifies putting several calls into it. A pool that
   * limits its concurrent calls has no next message in flight while one runs, so a message must run
   * much longer than its round trip.
   */
  double chunkMicros() {
    return config.limit() == 0
        ? ChunkPlan.TARGET_MICROS
        : Math.max(ChunkPlan.TARGET_MICROS, ROUND_TRIPS_PER_CHUNK * wayMicros());
  }

  void onFeeder(Runnable action) {
    execute(feeders, action);
  }

  void later(Runnable action, long delay, TimeUnit unit) {
    try {
      var unused = timer.schedule(() -> guarded(action), delay, unit);
    } catch (RejectedExecutionException e) {
      log.trace("released; the action is dropped", e);
    }
  }

  /** Runs the action on the executor; after the release, on a new thread. */
  private static void execute(ExecutorService executor, Runnable action) {
    try {
      executor.execute(() -> guarded(action));
    } catch (RejectedExecutionException e) {
      log.trace("released; running the action on a new thread", e);
      var unused = NamedThreads.start("pool-late", () -> guarded(action));
    }
  }

  private static void guarded(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException | Error e) {
      log.error("an action of the pool failed; the pool continues", e);
    }
  }

  // ---- workers and broker

  /** Asks the workers for an immediate heartbeat. */
  private void hello() {
    if (config.localWorker() == null) {
      String id = "hello." + SecretIds.random();
      config
          .broker()
          .publish(
              new Route(config.owner().names().control(), ""), new HelloMessage(id).toMessage())
          .whenComplete(
              (receipt, failure) -> log.debug("said hello to the workers: {}", receipt, failure));
    }
  }

  private void event(Delivery delivery) {
    try {
      if (Echoes.TYPE.equals(delivery.message().type())) {
        lostTasks.echoed(delivery.message());
        return;
      }
      Heartbeat beat = Heartbeat.of(delivery.message());
      boolean joins = !registry.has(beat.supervisor());
      registry.heard(beat, time.nanos());
      clockSkews.heard(beat.host(), delivery.message(), time.epochMillis());
      if (joins) {
        clockTeller.workerJoined();
      }
      nestedWaits.look();
    } catch (WireFormatException e) {
      if (oddEvents.allows(time.nanos())) {
        log.warn(
            "dropped an event that is not a heartbeat: {}{}", e.getMessage(), oddEvents.heldBack());
      }
    } catch (RuntimeException | Error e) {
      log.error("an event could not be handled", e);
    } finally {
      delivery.ack();
    }
  }

  private void look() {
    decoding.passStuck();
    if (looking.compareAndSet(false, true)) {
      onFeeder(
          () -> {
            try {
              String why = absence.look();
              if (why != null) {
                brokerUnavailable(why);
              }
              heldBack.goOn();
              jobs.forEach(ActiveJob::mayGoOn);
              if (heldBack.any()) {
                lostTasks.cannotTell();
              } else {
                lostTasks.look();
              }
            } finally {
              looking.set(false);
            }
          });
    }
  }

  /** Total slots of all known workers. */
  public int workerSlots() {
    return config.slots() > 0 ? config.slots() : registry.slots();
  }

  /** Number of open jobs; a call submitted by itself counts as one. */
  public long openJobs() {
    return work.count();
  }

  /** Number of calls that were submitted one by one or read from an input, and have not ended. */
  public long pendingCalls() {
    return table.openCalls();
  }

  // ---- end

  public State state() {
    return state.get();
  }

  public boolean isTerminated() {
    return state.is(State.TERMINATED);
  }

  /** Accepts no more calls; submitted calls continue. */
  public void shutdown() {
    if (state.tryGo(State.SHUTDOWN)) {
      batcher.flush();
      releaseIfDone();
    }
  }

  /** Ends everything now; does not wait for the release. */
  public void terminate() {
    if (!state.tryGo(State.TERMINATED)) {
      return;
    }
    jobs.forEach(job -> job.terminated(LocalOutcome.TERMINATED));
    batcher.flush();
    table.forEach(task -> table.endRest(task, LocalOutcome.TERMINATED));
    jobs.forEach(job -> job.terminated(LocalOutcome.TERMINATED));
    release();
  }

  /**
   * Fails all open calls for this reason and tells the workers to drop them. The pool stays open.
   */
  private void brokerUnavailable(String why) {
    if (work.count() == 0) {
      return;
    }
    if (unavailable.allows(time.nanos())) {
      log.warn(
          "{}; {} calls end without a result{}", why, table.openCalls(), unavailable.heldBack());
    }
    Payload line =
        LocalOutcome.line(
            FailureKind.BROKER_UNAVAILABLE, why + "; whether the call was run is unknown");
    jobs.forEach(job -> job.terminated(line));
    batcher.flush();
    table.forEach(task -> cancel(task, line, true));
    jobs.forEach(job -> job.terminated(line));
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
      none = work.awaitNone(Math.min(JOIN_LOOK, nanos - (time.nanos() - start)), time);
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
    if (state.is(State.SHUTDOWN) && work.count() == 0) {
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
      if (eventsSubscription != null) {
        eventsSubscription.cancel();
      }
      stopWorkers();
      Subscription results = resultsSubscription;
      if (results != null) {
        results.cancel();
      }
      if (config.localWorker() == null && config.broker().connected()) {
        config.broker().delete(config.owner().resultsQueue());
      }
    } catch (BrokerException e) {
      log.debug("the results queue is not deleted and will expire: {}", e.getMessage());
    } catch (InterruptedException e) {
      log.error("interrupted while releasing a pool", e);
    } finally {
      guarded(() -> table.forEach(task -> table.endRest(task, LocalOutcome.RELEASED)));
      guarded(config.broker()::close);
      timer.shutdownNow();
      feeders.shutdown();
      results.shutdown();
      decoders.shutdown();
      callbacks.closeWhenIdle();
      guarded(config.listener()::released);
      AtExit.forget(this);
      released.countDown();
    }
  }

  private void stopWorkers() throws InterruptedException {
    EngineConfig.LocalWorker worker = config.localWorker();
    if (worker == null) {
      if (isTerminated()) {
        canceller.all();
        boolean confirmed = config.broker().flush(LAST_CONFIRMS);
        log.debug("the broker confirmed the cancel messages: {}", confirmed);
      }
      return;
    }
    if (!isTerminated()) {
      worker.drain();
      if (worker.awaitStopped(LAST_CALLS)) {
        return;
      }
    }
    worker.stop();
    if (!worker.awaitStopped(LAST_CHILDREN)) {
      log.warn("the local worker's children did not end within {}", LAST_CHILDREN);
    }
  }

  /** Forwards connection events to the listener. */
  private final class Connection implements BrokerListener {
    @Override
    public void disconnected(String reason) {
      config.listener().brokerLost(reason);
    }

    @Override
    public void reconnected() {
      hello();
      config.listener().brokerBack();
    }

    @Override
    public void blocked(String reason) {
      config.listener().brokerBlocked(reason);
    }

    @Override
    public void unblocked() {
      config.listener().brokerUnblocked();
    }
  }

  /**
   * The counts of an abandoned job.
   *
   * @param calls number of calls of the job, ended ones included
   * @param unsent number of calls that were not sent and so have no outcome
   */
  public record Abandoned(long calls, long unsent) {}

  /** The feed of a started job, for its receiver. */
  public static final class JobFeed {
    private final InputFeed<?> feed;

    JobFeed(InputFeed<?> feed) {
      this.feed = feed;
    }

    /** Starts reading and sending; outcomes may arrive before this returns. */
    public void begin() {
      feed.start();
    }

    /** Stops reading. */
    public void stop() {
      feed.stop();
    }

    /**
     * Stops reading and tells the workers to drop the calls in flight; their outcomes, which show
     * what became of them, still arrive.
     */
    public Abandoned abandon(boolean interrupt) {
      return feed.abandon(interrupt);
    }

    /** Stops reading and ends the calls in flight as cancelled. */
    public void cancel(boolean interrupt) {
      feed.cancel(LocalOutcome.CANCELLED, interrupt);
    }
  }
}

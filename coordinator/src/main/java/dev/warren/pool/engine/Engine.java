package dev.warren.pool.engine;

import dev.warren.broker.BrokerException;
import dev.warren.broker.BrokerListener;
import dev.warren.broker.Delivery;
import dev.warren.broker.PoolNames;
import dev.warren.broker.Route;
import dev.warren.broker.Subscription;
import dev.warren.lifecycle.LogThrottle;
import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.NamedThreads;
import dev.warren.lifecycle.StateMachine;
import dev.warren.lifecycle.TimeSource;
import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import dev.warren.task.TaskContext;
import dev.warren.task.TaskOptions;
import dev.warren.wire.Heartbeat;
import dev.warren.wire.HelloMessage;
import dev.warren.wire.Lines;
import dev.warren.wire.SecretIds;
import dev.warren.wire.WireFormatException;
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
 * The owner's side of one open pool: takes calls, sends them, and sees to it that each ends.
 * Thread-safe. It knows nothing of the pool object above it, so that an abandoned pool can be
 * noticed.
 *
 * <p>States and edges: RUNNING → SHUTDOWN (no more calls) → TERMINATED, RUNNING → TERMINATED.
 * Release, once, follows when a SHUTDOWN engine has no open job, or at once when TERMINATED. Its
 * order: subscriptions, what the local worker still does, the results queue, the broker, timers and
 * threads; the callbacks' thread goes last, when it is idle.
 *
 * <p>Long because it is what the parts share, and the one place that knows the order of their ends.
 */
public final class Engine {
  /** What a pool is doing. */
  public enum State {
    RUNNING,
    SHUTDOWN,
    TERMINATED
  }

  private static final Logger log = Logs.of(Engine.class);
  private static final int EVENTS_PREFETCH = 20;
  private static final long WATCH_MS = 500;

  /** How often a thread that joins looks after jobs that wait for itself. */
  private static final long JOIN_LOOK = 50_000_000L;

  /** Run time of a message, in round trips, where the next one is sent only when it has ended. */
  private static final double ROUND_TRIPS_PER_CHUNK = 9;

  /** Slots assumed while no worker has been heard of. */
  private static final int ASSUMED_SLOTS = 4;

  /** Longest that a release waits for calls that were cancelled and still run. */
  private static final Duration LAST_CALLS = Duration.ofSeconds(4);

  /** Longest that a release waits for the local worker's children. */
  private static final Duration LAST_CHILDREN = Duration.ofSeconds(10);

  /** Longest that a release waits for the broker to confirm the last cancel messages. */
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
  private final OpenWork work = new OpenWork(this::releaseIfDone);
  private final Set<OpenJob> jobs = ConcurrentHashMap.newKeySet();
  // confined to the thread that delivers events
  private final LogThrottle oddEvents = new LogThrottle(Duration.ofSeconds(10));
  // confined to one look at a time; calls may be submitted all through an outage
  private final LogThrottle unavailable = new LogThrottle(Duration.ofMinutes(1));
  private final ClockSkews clockSkews = new ClockSkews();
  private final CallTimes times = new CallTimes();
  private final Backlog backlog = Backlog.ofThisProcess();
  // volatile: written once, by start
  private volatile HeldBack heldBack = new HeldBack(() -> false, delivery -> {});
  private final PendingTable table = new PendingTable(this::taskEnded, this::taskGoesOn);
  private final ScheduledExecutorService timer = NamedThreads.timer("pool-timer");
  private final ExecutorService feeders = NamedThreads.elastic("pool-feeder");
  private final ExecutorService results = NamedThreads.single("pool-results");
  private final ExecutorService decoders = NamedThreads.elastic("pool-decoder");
  private final Decoding decoding = newDecoding();
  private final Callbacks callbacks;
  private final Workforce workforce;
  private final NestedWaits nestedWaits;
  private final ClockTeller clockTeller;
  private final Outbox outbox;
  private final Singles singles;
  private final Canceller canceller;
  private final Watch watch;
  private final BrokerAbsence absence;
  private final AtomicBoolean looking = new AtomicBoolean();
  private final AtomicBoolean releasing = new AtomicBoolean();
  private final CountDownLatch released = new CountDownLatch(1);
  // volatile: written by start, read by the thread that delivers, which may be there before it is
  private volatile @Nullable Subscription resultsSubscription;
  // written by start before anybody else sees the engine
  private @Nullable Subscription eventsSubscription;

  /** An engine that does nothing yet. */
  public Engine(EngineConfig config, TimeSource time) {
    this.config = config;
    this.time = time;
    this.callbacks = new Callbacks(config.callbackExecutor());
    this.workforce = new Workforce(config.listener());
    this.nestedWaits = new NestedWaits(config.owner().names().pool(), workforce);
    this.clockTeller = new ClockTeller(this, config, time);
    this.outbox = new Outbox(this, config, table);
    this.singles = new Singles(this);
    this.canceller = new Canceller(this, config);
    this.watch = new Watch(config.broker(), config.owner(), config.slots(), table, workforce, time);
    this.absence = new BrokerAbsence(config.broker(), config.brokerTimeout(), time);
  }

  /**
   * Declares the pool's queues and begins to listen; from now on the engine is terminated when the
   * JVM ends. Waits for the broker.
   *
   * @throws BrokerException if the broker refuses; everything is released then
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
    Inbox inbox = new Inbox(config.owner().resultsQueue(), table, this::overtaken);
    ResultsPrefetch prefetch = new ResultsPrefetch(ResultsPrefetch.BYTES);
    HeldBack held =
        new HeldBack(
            this::hasNoPlace,
            delivery -> {
              inbox.handle(delivery);
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
   * Whether what comes can wait until something is taken: nobody is called back or waits for it.
   */
  private boolean hasNoPlace() {
    return backlog.isFull()
        && work.count() == jobs.size()
        && jobs.stream().allMatch(job -> job instanceof LazyRun<?> run && run.canWait());
  }

  /**
   * Another attempt of a call that has ended may be under way; of one that was never made, none.
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
   * @throws IllegalStateException if the pool takes no more calls
   */
  public void submit(CallSpec spec, Payload args, SingleReceiver receiver) {
    begin();
    singles.submit(spec, args, receiver);
  }

  /** A call submitted by {@link #submit} has ended; its receiver says so once. */
  public void singleEnded() {
    work.end();
  }

  /**
   * Starts a job whose outcomes are taken one by one.
   *
   * @throws IllegalStateException if the pool takes no more calls
   */
  public <T> LazyRun<T> run(CallSpec spec, Input<T> input, int chunkSize, boolean ordered) {
    LazyRun<T> run = new LazyRun<>(this, spec, input, chunkSize, ordered);
    begin(run);
    run.start();
    return run;
  }

  /**
   * Starts a job whose outcomes go to a receiver. The receiver, which is told of termination, must
   * call {@link #end} once.
   *
   * @throws IllegalStateException if the pool takes no more calls
   */
  public <T, J extends JobReceiver & OpenJob> JobFeed start(
      CallSpec spec, Input<T> input, int chunkSize, J receiver) {
    Feed<T> feed = new Feed<>(this, spec, input, chunkSize, false, receiver);
    begin(receiver);
    return new JobFeed(feed);
  }

  /** A job is over. */
  public void end(OpenJob job) {
    if (jobs.remove(job)) {
      work.end();
    }
  }

  /**
   * Has the workers drop a call whose receiver has decided that it is over. If it was sent, its
   * receiver still gets an outcome, which tells what became of it.
   *
   * @return whether it was sent
   */
  public boolean cancelled(Task task, int index, boolean interrupt) {
    boolean sent = task.sentNanos != 0;
    if (sent) {
      canceller.add(task.first + index, interrupt);
    } else {
      table.forget(task, index);
    }
    return sent;
  }

  /** Has the workers drop the open calls of the task; returns how many had not been sent. */
  int abandon(Task task, boolean interrupt) {
    int unsent = 0;
    for (int i = 0; i < task.count; i++) {
      if (task.open(i) && !cancelled(task, i, interrupt)) {
        unsent++;
      }
    }
    return unsent;
  }

  /** Ends all open calls of the task with this line, and has the workers drop them. */
  void cancel(Task task, Payload line, boolean interrupt) {
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
              + "; it takes no more calls");
    }
  }

  private void begin(OpenJob job) {
    begin();
    jobs.add(job);
    if (isTerminated()) {
      job.terminated(LocalOutcome.TERMINATED);
    }
  }

  void send(Task task, CallSpec spec, String job, Lines args) {
    if (isTerminated()) {
      table.endRest(task, LocalOutcome.TERMINATED);
    } else {
      outbox.send(task, spec, job, args);
    }
  }

  private void taskEnded(Task task) {
    outbox.ended(task);
  }

  private void taskGoesOn(Task task) {
    outbox.sendNextPart(task);
  }

  // ---- what the parts share

  public TimeSource time() {
    return time;
  }

  /** Where callbacks run. */
  public Callbacks callbacks() {
    return callbacks;
  }

  /** Runs this on the one thread that decodes collected results. */
  public void decode(Runnable action) {
    execute(results, action);
  }

  /** Where results are decoded that somebody is called back for, in the order they came. */
  public Decoding decoding() {
    return decoding;
  }

  /** A place of its own for decoding one job's values, which may run code of users. */
  public Decoding newDecoding() {
    return new Decoding(action -> execute(decoders, action));
  }

  /** The calling thread is about to wait for this pool for as long as it takes. */
  public void waitsForEver() {
    if (TaskContext.insideCall()) {
      nestedWaits.begin(TaskContext.current());
    }
  }

  PendingTable table() {
    return table;
  }

  Outbox outbox() {
    return outbox;
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

  /** The job of calls submitted one by one is their task. */
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

  /** Calls that run at once, as far as known: for deciding how much to send. */
  int slots() {
    int known = config.slots() > 0 ? config.slots() : workforce.slots();
    int slots = known > 0 ? known : ASSUMED_SLOTS;
    return config.limit() > 0 ? Math.min(config.limit(), slots) : slots;
  }

  /**
   * How long it takes beside its run until a call's outcome is here and the next call there, as far
   * as known: a round trip to the broker from here and one from the worker.
   */
  long wayMicros() {
    return config.broker().roundTrip().toNanos() / 1000 + workforce.roundTripMicros();
  }

  /**
   * Work worth a message of several calls. A pool that bounds its concurrent calls has no next
   * message on its way while one runs, so a message must run much longer than its round trip.
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
      log.trace("released; not done any more", e);
    }
  }

  /** After the release there are no such threads any more: a lone one does what is left to do. */
  private static void execute(ExecutorService executor, Runnable action) {
    try {
      executor.execute(() -> guarded(action));
    } catch (RejectedExecutionException e) {
      log.trace("released; on a thread of its own", e);
      var unused = NamedThreads.start("pool-late", () -> guarded(action));
    }
  }

  private static void guarded(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException | Error e) {
      log.error("an action of the pool failed; the pool goes on", e);
    }
  }

  // ---- workers and broker

  /** Has the workers say that they are there, rather than wait for their next heartbeats. */
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
        watch.echoed(delivery.message());
        return;
      }
      Heartbeat beat = Heartbeat.of(delivery.message());
      boolean joins = !workforce.has(beat.supervisor());
      workforce.heard(beat, time.nanos());
      clockSkews.heard(beat.host(), delivery.message(), time.epochMillis());
      if (joins) {
        clockTeller.workerJoined();
      }
      nestedWaits.look();
    } catch (WireFormatException e) {
      if (oddEvents.allows(time.nanos())) {
        log.warn(
            "dropped an event that is no heartbeat: {}{}", e.getMessage(), oddEvents.heldBack());
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
              jobs.forEach(OpenJob::mayGoOn);
              if (heldBack.any()) {
                watch.cannotTell();
              } else {
                watch.look();
              }
            } finally {
              looking.set(false);
            }
          });
    }
  }

  /** Slots of all workers heard of. */
  public int workerSlots() {
    return config.slots() > 0 ? config.slots() : workforce.slots();
  }

  /** Jobs that have not ended; a call submitted by itself is one. */
  public long openJobs() {
    return work.count();
  }

  /** Calls submitted one by one or read from an input, and not ended. */
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

  /** No more calls; those submitted go on. */
  public void shutdown() {
    if (state.tryGo(State.SHUTDOWN)) {
      singles.flush();
      releaseIfDone();
    }
  }

  /** Ends everything now; does not wait for the release. */
  public void terminate() {
    if (!state.tryGo(State.TERMINATED)) {
      return;
    }
    jobs.forEach(job -> job.terminated(LocalOutcome.TERMINATED));
    singles.flush();
    table.forEach(task -> table.endRest(task, LocalOutcome.TERMINATED));
    jobs.forEach(job -> job.terminated(LocalOutcome.TERMINATED));
    release();
  }

  /** Ends all open calls for this reason, and has the workers drop them. The pool stays open. */
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
    singles.flush();
    table.forEach(task -> cancel(task, line, true));
    jobs.forEach(job -> job.terminated(line));
  }

  /**
   * Waits until every job has ended and everything is released; says whether so.
   *
   * @param nanos longest wait
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
      // not at once: calls whose ends their callers have seen may not be counted yet
      if (!none && nanos == Long.MAX_VALUE) {
        waitsForEver();
      }
    } while (!none && time.nanos() - start < nanos);
    return none
        && (callbacks.inside() || callbacks.awaitIdle(nanos - (time.nanos() - start), time))
        && released.await(nanos - (time.nanos() - start), TimeUnit.NANOSECONDS);
  }

  /** Waits up to that long for the release of everything; says whether it is done. */
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
      log.debug("the results queue is left to expire: {}", e.getMessage());
    } catch (InterruptedException e) {
      log.error("interrupted on a thread of our own", e);
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
        log.debug("workers were told of the end: {}", confirmed);
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

  /** The connection's events, told to the listener. */
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
   * A job whose calls nobody wants any more.
   *
   * @param calls how many the job has, those that ended before included
   * @param unsent how many of them were not sent, and so have no outcome
   */
  public record Abandoned(long calls, long unsent) {}

  /** The feed of a job that was started, for its receiver. */
  public static final class JobFeed {
    private final Feed<?> feed;

    JobFeed(Feed<?> feed) {
      this.feed = feed;
    }

    /** Begins to read and send; outcomes may come before this returns. */
    public void begin() {
      feed.start();
    }

    /** Reads no more. */
    public void stop() {
      feed.stop();
    }

    /**
     * Reads no more, and has the workers drop what is under way; its outcomes, which tell what
     * became of it, still come.
     */
    public Abandoned abandon(boolean interrupt) {
      return feed.abandon(interrupt);
    }

    /** Reads no more, and ends what is under way as cancelled. */
    public void cancel(boolean interrupt) {
      feed.cancel(LocalOutcome.CANCELLED, interrupt);
    }
  }
}

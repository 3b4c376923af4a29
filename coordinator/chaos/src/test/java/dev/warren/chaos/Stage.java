package dev.warren.chaos;

import static org.awaitility.Awaitility.await;

import dev.warren.broker.PoolNames;
import dev.warren.pool.Pool;
import dev.warren.task.ChildContext;
import dev.warren.testkit.FaultyProxy;
import dev.warren.testkit.server.PrivateBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The environment of one run of a scenario: a broker, worker processes, a pool, its calls. All
 * connections go through proxies, one per worker and one for pools, so that they can be disturbed
 * and counted. The pool and the workers start when first used, or by {@link #open}; {@link
 * Invariants} ends them. Confined to the scenario's thread.
 */
final class Stage {
  private static final String POOL = "chaos";
  private static final Map<String, String> WORKER_OPTIONS =
      Map.of("--processes", "2", "--grace", "10s");

  private final String mark;
  private final Path folder;
  private final Random random;
  private final Duration limit;
  private final @Nullable Server server;
  private final String virtualHost;
  private final Calls calls;
  private final List<FaultyProxy> proxies = new CopyOnWriteArrayList<>();
  private final List<WorkerHost> workers = new CopyOnWriteArrayList<>();
  private final List<Pool> pools = new CopyOnWriteArrayList<>();
  private final List<DurableJob> jobs = new CopyOnWriteArrayList<>();
  private final List<FullDisk> disks = new CopyOnWriteArrayList<>();
  private @Nullable FaultyProxy poolProxy;
  private long faultAt;

  Stage(
      String mark,
      Path folder,
      Random random,
      Duration limit,
      @Nullable Server server,
      String virtualHost) {
    this.mark = mark;
    this.folder = folder;
    this.random = random;
    this.limit = limit;
    this.server = server;
    this.virtualHost = virtualHost;
    this.calls = new Calls(folder);
  }

  // ---- what there is

  /** The source of randomness: the same for the same seed. */
  Random random() {
    return random;
  }

  /** This run's folder: logs of workers, traces of calls. */
  Path folder() {
    return folder;
  }

  Calls calls() {
    return calls;
  }

  /** The server; a scenario that breaks it is one of {@link Scenario.On#OWN_EVERY_VERSION}. */
  Server server() {
    if (server == null) {
      throw new AssertionError("a local: scenario has no server");
    }
    return server;
  }

  PrivateBroker broker() {
    return server().broker();
  }

  String virtualHost() {
    return virtualHost;
  }

  PoolNames names() {
    return new PoolNames(POOL);
  }

  /** The mark that all processes of this run have in their environment. */
  String mark() {
    return mark;
  }

  /** How long a scenario may wait for an expected event. */
  Duration limit() {
    return limit;
  }

  // ---- workers and pools

  /** Starts a worker with two processes and a grace of 10 s, unless these options override that. */
  WorkerHost startWorker(String... options) throws IOException {
    return startWorkerAt(uri(newProxy()), options);
  }

  /** Starts a worker that connects to this URI. */
  WorkerHost startWorkerAt(String uri, String... options) {
    List<String> all = new ArrayList<>(List.of(options));
    WORKER_OPTIONS.forEach(
        (option, value) -> {
          if (!all.contains(option)) {
            all.addAll(List.of(option, value));
          }
        });
    String name = "worker" + (workers.size() + 1);
    WorkerHost worker = WorkerHost.start(name, folder, mark, uri, all);
    workers.add(worker);
    return worker;
  }

  /** Starts this number of workers and waits until they are ready. */
  List<WorkerHost> startWorkers(int count, String... options) throws IOException {
    List<WorkerHost> started = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      started.add(startWorker(options));
    }
    started.forEach(WorkerHost::awaitServing);
    return started;
  }

  List<WorkerHost> workers() {
    return List.copyOf(workers);
  }

  /** Returns the worker that has this child. */
  WorkerHost workerOf(long child) {
    return workers.stream()
        .filter(worker -> worker.hasChild(child))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no worker has child " + child));
  }

  /** Returns a pool with default settings, with this number of workers. */
  Pool open(int workerCount, String... workerOptions) throws IOException {
    List<WorkerHost> started = startWorkers(workerCount, workerOptions);
    Pool pool = openPool(builder -> builder);
    awaitSlots(pool, 2 * started.size());
    return pool;
  }

  /** Returns a pool; its URI is set. */
  Pool openPool(UnaryOperator<Pool.Builder> settings) throws IOException {
    Pool pool = settings.apply(server == null ? local() : over(uri(poolProxy()))).open();
    pools.add(pool);
    return pool;
  }

  private static Pool.Builder over(String uri) {
    return Pool.builder().uri(uri);
  }

  private Pool.Builder local() {
    return Pool.builder()
        .processes(2)
        .context(ChildContext.jvm().environment(Processes.MARK, mark));
  }

  List<Pool> pools() {
    return List.copyOf(pools);
  }

  /** Name of the scenario's pool. */
  String pool() {
    return POOL;
  }

  /** Adds a durable job, of which the invariants of jobs must hold at the end. */
  void keep(DurableJob job) {
    jobs.add(job);
  }

  List<DurableJob> jobs() {
    return List.copyOf(jobs);
  }

  /** Keeps a disk until the invariants have been checked. */
  FullDisk keep(FullDisk disk) {
    disks.add(disk);
    return disk;
  }

  /** Kills what is left of the workers, and unmounts the disks. */
  void clear() {
    workers.forEach(WorkerHost::destroy);
    disks.forEach(FullDisk::close);
  }

  /** Waits until the pool knows of this number of slots. */
  void awaitSlots(Pool pool, int slots) {
    await("slots: " + slots)
        .pollInSameThread()
        .atMost(limit)
        .until(() -> pool.processes() == slots);
  }

  // ---- connections

  /** The proxy of the scenario's pools. */
  FaultyProxy poolProxy() throws IOException {
    if (poolProxy == null) {
      poolProxy = newProxy();
    }
    return poolProxy;
  }

  /** Creates another proxy to the server. */
  FaultyProxy newProxy() throws IOException {
    FaultyProxy proxy = FaultyProxy.to(server().port());
    proxies.add(proxy);
    return proxy;
  }

  /**
   * All proxies; each worker started by {@link #startWorker} has its own, in order of the starts.
   */
  List<FaultyProxy> proxies() {
    return List.copyOf(proxies);
  }

  /** The URI for pools and workers of this scenario, through this proxy. */
  String uri(FaultyProxy proxy) {
    return server().uri(proxy.port(), virtualHost) + "?pool=" + POOL;
  }

  /** The URI for pools and workers of this scenario, directly to the cluster. */
  String clusterUri() {
    return server().uri(virtualHost) + "?pool=" + POOL;
  }

  /** The node of the first queue whose name starts with this. */
  PrivateBroker home(String queuePrefix) throws InterruptedException {
    return server().home(virtualHost, queuePrefix);
  }

  /** Sets a policy for the queues of this scenario. */
  void policy(String name, String queues, String definition) throws InterruptedException {
    broker().ctl("set_policy", "-p", virtualHost, "--apply-to", "queues", name, queues, definition);
  }

  /** Whether workers consume a queue. */
  boolean isOfTasks(String queue) {
    return queue.equals(names().tasks()) || queue.equals(names().again());
  }

  /** Number of messages waiting in the task queue. */
  int waitingTasks() throws InterruptedException {
    return waiting(names().tasks());
  }

  /** Number of messages waiting in a queue. */
  int waiting(String queue) throws InterruptedException {
    return server().contents(virtualHost).queues().getOrDefault(queue, 0);
  }

  /** Number of messages waiting for a worker and of those held by workers. */
  int unsettledTasks() throws InterruptedException {
    return server().unsettled(virtualHost, names().tasks())
        + server().unsettled(virtualHost, names().again());
  }

  // ---- the fault

  /** Records that the fault happens now; the first time counts. */
  void fault() {
    if (faultAt == 0) {
      faultAt = System.nanoTime();
    }
  }

  /** The time of the fault, by {@link System#nanoTime()}; 0 if not recorded. */
  long faultAt() {
    return faultAt;
  }

  /** Waits until a call has carried out its action; returns the process that runs it. */
  long awaitDeed(int number) {
    Path file = Work.mark(folder, number);
    await("deed of call " + number)
        .pollInSameThread()
        .atMost(limit)
        .until(() -> Files.exists(file));
    try {
      return Long.parseLong(Files.readString(file));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Waits until this number of calls have ended. */
  void awaitEnded(int count) {
    calls.awaitEnded(count, limit);
  }

  /** Waits until all calls submitted by now have ended. */
  void awaitAllEnded() {
    awaitEnded(calls.submitted());
  }

  /**
   * Waits until all calls have ended and no message is left: a message that was published again
   * because its confirm was lost may arrive a second time after its outcome.
   */
  void awaitAllEndedAndTaken() {
    awaitAllEnded();
    awaitThat("no task waits any more", () -> waitingTasks() == 0);
  }

  /** Waits until a condition holds. */
  void awaitThat(String what, java.util.concurrent.Callable<Boolean> condition) {
    await(what).pollInSameThread().atMost(limit).until(condition);
  }

  /** Lets time pass, for scenarios about the passage of time, which no event ends. */
  void pass(Duration time) throws InterruptedException {
    Thread.sleep(time.toMillis());
  }
}

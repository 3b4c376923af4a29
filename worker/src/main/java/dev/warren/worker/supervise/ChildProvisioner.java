package dev.warren.worker.supervise;

import dev.warren.lifecycle.EventLoop;
import dev.warren.lifecycle.Logs;
import dev.warren.task.ChildContext;
import dev.warren.task.FailureKind;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.PoolSettings;
import dev.warren.worker.config.WorkerConfig;
import dev.warren.worker.config.WorkerEvent;
import dev.warren.worker.link.Hello;
import dev.warren.worker.link.Setup;
import dev.warren.worker.meter.ChildStart;
import dev.warren.worker.supervise.calls.ForeignCalls;
import dev.warren.worker.supervise.process.ChildLink;
import dev.warren.worker.supervise.process.ChildProcess;
import dev.warren.worker.supervise.process.LinkServer;
import io.github.resilience4j.core.IntervalFunction;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Keeps as many children as there are slots and spares: starts them, and binds each to a pool's
 * settings once it is known which settings are needed. Failed starts in a row delay the next one
 * with an exponential back-off. Confined to the loop.
 */
final class ChildProvisioner {
  private static final Logger log = Logs.of(Supervisor.class);
  private static final IntervalFunction RESTART_WAIT =
      IntervalFunction.ofExponentialRandomBackoff(
          Duration.ofMillis(50), 2, 0.2, Duration.ofSeconds(10));

  /** Delay of spares if no policy recycles by number of calls: a short run needs none. */
  private static final long SPARES_AFTER_MS = 1000;

  private final Supervisor.Identity identity;
  private final WorkerConfig config;
  private final EventLoop loop;
  private final ChildRegistry registry;
  private final Dispatcher dispatcher;
  private final InitializerHealth initializers;
  private final ForeignCalls foreignCalls;
  private final ProcessHost processes;
  private final LinkServer links;
  private final int maxResultBytes;
  private final @Nullable List<String> appPath;
  private final RandomGenerator random = RandomGenerator.getDefault();
  private Events events = new Events() {};
  private int childNumber;
  private int failedStarts;
  // children that ended before others were started in their place
  private int lostToReplace;
  private int recycledToReplace;
  private long nextStart;
  private @Nullable String recentKey;
  private @Nullable String recentFunction;
  private boolean anyReady;
  // once a child is ready: when spares start if no policy recycles by number of calls
  private long sparesFrom;
  private boolean recycles;
  private boolean stopped;

  /** Events of children, on the loop. */
  interface Events {
    default void linked(Child child, ChildLink link) {}

    default void exited(Child child, int code) {}
  }

  ChildProvisioner(
      Supervisor.Identity identity,
      WorkerConfig config,
      EventLoop loop,
      Crew crew,
      ProcessHost processes,
      LinkServer links,
      int maxResultBytes) {
    this.identity = identity;
    this.config = config;
    this.loop = loop;
    this.registry = crew.registry();
    this.dispatcher = crew.dispatcher();
    this.initializers = crew.initializers();
    this.foreignCalls = crew.foreignCalls();
    this.processes = processes;
    this.links = links;
    this.maxResultBytes = maxResultBytes;
    this.appPath = appPath(config);
    this.nextStart = loop.now();
  }

  private static @Nullable List<String> appPath(WorkerConfig config) {
    List<Path> app = config.appPath();
    return app == null
        ? null
        : ChildLauncher.expanded(app).stream()
            .map(path -> path.toAbsolutePath().toString())
            .toList();
  }

  /** The tables that the parts of a supervisor share. */
  record Crew(
      ChildRegistry registry,
      Dispatcher dispatcher,
      InitializerHealth initializers,
      ForeignCalls foreignCalls) {}

  void listen(Events newEvents) {
    events = newEvents;
  }

  /**
   * Sets the settings and function of the latest calls: new children are bound to these settings by
   * default, and look up the function in advance.
   */
  void expect(String key, String function) {
    recentKey = key;
    recentFunction = function;
  }

  /** Starts no more children. */
  void stop() {
    stopped = true;
  }

  /** Starts missing children, a few at a time. */
  void fill() {
    if (stopped || loop.now() - nextStart < 0) {
      return;
    }
    int present = 0;
    int starting = 0;
    for (Child child : registry.all()) {
      present += child.present() ? 1 : 0;
      starting += child.state() == Child.State.STARTING ? 1 : 0;
    }
    int wanted = config.processes() + (sparesDue() ? config.spares() : 0);
    int atOnce = Math.max(2, Runtime.getRuntime().availableProcessors());
    for (; present < wanted && starting < atOnce; present++, starting++) {
      registry.meters().childStarted(reason());
      startChild();
    }
  }

  /** Why the next child is started. */
  private ChildStart reason() {
    if (childNumber < config.processes()) {
      return ChildStart.SLOT;
    }
    for (Child child : registry.all()) {
      if (child.life.tryReplace(child.present())) {
        return child.recycling() == null ? ChildStart.LOST : ChildStart.RECYCLED;
      }
    }
    if (recycledToReplace > 0) {
      recycledToReplace--;
      return ChildStart.RECYCLED;
    }
    if (lostToReplace > 0) {
      lostToReplace--;
      return ChildStart.LOST;
    }
    return ChildStart.SPARE;
  }

  /** A child has ended; another may be started in its place. */
  void ended(Child child) {
    if (child.life.tryReplace(child.present())) {
      if (child.recycling() == null) {
        lostToReplace++;
      } else {
        recycledToReplace++;
      }
    }
  }

  /**
   * Whether spares may start: not before the first children are ready, since they would compete for
   * the processors.
   */
  private boolean sparesDue() {
    return anyReady && (recycles || loop.now() - sparesFrom >= 0);
  }

  private void startChild() {
    String name = identity.id() + "-" + ++childNumber;
    Child child = new Child(name, UUID.randomUUID().toString(), loop.now(), config.strictJson());
    registry.add(child);
    links.expect(child.token, link -> linked(child, link));
    processes
        .start(name, child.token)
        .whenComplete((process, failure) -> loop.post(() -> started(child, process, failure)));
  }

  /** The message of an I/O error is sufficient without its class; any other exception is a bug. */
  private static String cause(@Nullable Throwable failure) {
    Throwable cause = failure == null || failure.getCause() == null ? failure : failure.getCause();
    return cause instanceof IOException
        ? String.valueOf(cause.getMessage())
        : String.valueOf(cause);
  }

  private void started(Child child, @Nullable ChildProcess process, @Nullable Throwable failure) {
    if (process == null) {
      links.forget(child.token);
      registry.remove(child);
      child.gone(loop.now());
      ended(child);
      registry.meters().childDied(false);
      String cause = cause(failure);
      log.error("child {} could not be started: {}", child.name, cause);
      failed(
          RemoteFailure.of(FailureKind.INITIALIZER_FAILED, "could not be started: " + cause, 1),
          child.settingsKey());
      return;
    }
    child.started(process);
    process
        .exit()
        .whenComplete((code, e) -> loop.post(() -> events.exited(child, code == null ? -1 : code)));
    log.debug("child {} started, pid {}", child.name, process.pid());
    registry.tell(new WorkerEvent.ChildStarted(child.name, process.pid()));
    Killing killed = child.killing();
    if (killed != null) {
      child.kill(killed);
    }
  }

  private void linked(Child child, ChildLink link) {
    child.linked(link, loop.now());
    failedStarts = 0;
    events.linked(child, link);
    Killing killed = child.killing();
    if (killed != null) {
      child.kill(killed); // a thread has no process to kill before its link exists
    } else {
      setUp(child);
    }
  }

  /** Binds the blank children that have been waiting for settings. */
  void setUpBlankChildren() {
    for (Child child : registry.all()) {
      if (child.state() == Child.State.BLANK && child.present()) {
        setUp(child);
      }
    }
  }

  private void setUp(Child child) {
    String key = dispatcher.wantedSettings();
    if (key == null && recentKey != null && initializers.mayTry(recentKey, loop.now())) {
      key = recentKey;
    }
    PoolSettings settings = key == null ? null : initializers.settings(key);
    if (key != null && settings != null) {
      RecyclePolicy policy = RecyclePolicy.draw(config, settings.maxTasksPerChild(), random);
      recycles |= policy.maxCalls() < Integer.MAX_VALUE;
      child.setUp(key, setup(child, settings, key), policy, loop.now());
    }
  }

  private Setup setup(Child child, PoolSettings settings, String key) {
    var initializer = settings.initializer();
    boolean foreign = config.context() instanceof ChildContext.Command;
    return new Setup(
        Hello.VERSION,
        child.name,
        identity.host(),
        initializer == null ? null : initializer.toString(),
        initializer == null ? null : initializer.digest(),
        initializer == null ? null : settings.initArgs(),
        appPath,
        foreign ? List.of() : config.functions(),
        foreign ? foreignCalls.texts() : config.allow(),
        maxResultBytes,
        !foreign && key.equals(recentKey) ? recentFunction : null,
        settings.json(),
        identity.id());
  }

  /** Records that a child has become ready. */
  void succeeded(Child child) {
    if (!anyReady) {
      anyReady = true;
      sparesFrom = loop.now() + SPARES_AFTER_MS * 1_000_000;
      // spares start in the round that this timer triggers
      loop.after(SPARES_AFTER_MS + 1, () -> {});
    }
    failedStarts = 0;
    String key = child.settingsKey();
    if (key != null) {
      initializers.succeeded(key);
    }
  }

  /**
   * Records a failed start; after enough failures in a row, waiting calls fail. A failed start of a
   * child that was not bound delays all starts; that of a bound child only those with its settings,
   * so that a pool with a failing initializer does not affect the others.
   *
   * @param key of the settings it was bound to; null for none
   */
  void failed(RemoteFailure failure, @Nullable String key) {
    startLater(key);
    String blamed = key != null ? key : recentKey;
    if (blamed != null) {
      tried(blamed, initializers.failed(blamed, failure, loop.now()), failure);
    }
  }

  /**
   * Records that a child was killed by another process before it was ready; the next start may
   * succeed.
   */
  void killed(RemoteFailure failure, @Nullable String key) {
    startLater(key);
    String blamed = key != null ? key : recentKey;
    if (blamed != null) {
      tried(blamed, initializers.killed(blamed, failure, loop.now()), failure);
    }
  }

  /**
   * Records that an unbound child was killed by another process, which is no fault of any settings.
   */
  void killedBlank() {
    startLater(null);
  }

  private void startLater(@Nullable String key) {
    if (key == null) {
      failedStarts++;
      long wait = RESTART_WAIT.apply(failedStarts);
      nextStart = loop.now() + wait * 1_000_000;
      tryAgainAfter(wait);
    }
  }

  private void tried(String key, boolean hopeless, RemoteFailure failure) {
    tryAgainAfter(initializers.waitMillis(key, loop.now()));
    if (hopeless) {
      log.error(
          "no child could be initialised; calls fail for {} s: {}",
          InitializerHealth.REFUSE_FOR.toSeconds(),
          failure.message());
    }
  }

  /** The next attempt happens in the round that this timer triggers. */
  private void tryAgainAfter(long millis) {
    loop.after(millis + 1, () -> {});
  }
}

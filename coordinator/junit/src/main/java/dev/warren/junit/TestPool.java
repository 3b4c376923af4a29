package dev.warren.junit;

import dev.warren.broker.BrokerUri;
import dev.warren.broker.rabbit.RabbitBroker;
import dev.warren.pool.Pool;
import dev.warren.pool.PoolListener;
import dev.warren.task.ChildContext;
import dev.warren.task.RemoteFailure;
import dev.warren.worker.Worker;
import dev.warren.worker.config.WorkerConfig;
import dev.warren.worker.config.WorkerEvent;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The pool of one test, with its worker and its way to the broker. For the test's thread only. */
final class TestPool {
  private static final Duration CONNECT = Duration.ofSeconds(20);

  /** How long calls of a test may run after its end. */
  private static final Duration AFTER_TEST = Duration.ofSeconds(30);

  private final Pool pool;
  private final PoolFaults faults;
  private final @Nullable Remote remote;

  private TestPool(Pool pool, PoolFaults faults, @Nullable Remote remote) {
    this.pool = pool;
    this.faults = faults;
    this.remote = remote;
  }

  /** What a pool over RabbitMQ needs besides itself. */
  private record Remote(BrokerLine line, RabbitBroker connection, Worker worker) {
    void close() {
      worker.close();
      connection.close();
      line.close();
    }
  }

  static TestPool open(WarrenPool settings) throws InterruptedException {
    RunningCalls running = new RunningCalls();
    boolean threads = settings.children() == WarrenPool.Children.THREADS;
    ChildContext context = threads ? ChildContext.threads() : ChildContext.jvm();
    Pool.Builder builder = Pool.builder().processes(settings.processes());
    if (settings.maxTasksPerChild() > 0) {
      builder.maxTasksPerChild(settings.maxTasksPerChild());
    }
    if (settings.broker() == WarrenPool.Broker.NONE) {
      Pool pool = builder.context(context).listener(new Listener(running)).open();
      return new TestPool(pool, new PoolFaults(running, threads, null), null);
    }
    BrokerLine line = BrokerLine.open();
    String uri = line.uri("test-" + UUID.randomUUID());
    RabbitBroker connection = RabbitBroker.open(BrokerUri.parse(uri), "test worker", CONNECT);
    Worker worker =
        Worker.start(
            config(settings, BrokerUri.parse(uri).pool(), context),
            connection,
            event -> heard(event, running));
    Pool pool = builder.uri(uri).open();
    return new TestPool(
        pool, new PoolFaults(running, threads, line), new Remote(line, connection, worker));
  }

  private static WorkerConfig config(WarrenPool settings, String name, ChildContext context) {
    List<Path> classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .map(Path::of)
            .toList();
    // without an app path everything is callable, as on local:; only this machine reaches the
    // server
    return WorkerConfig.builder()
        .pool(name)
        .processes(settings.processes())
        .classPath(classPath)
        .context(context)
        .heartbeat(WorkerConfig.SHORTEST_HEARTBEAT)
        .build();
  }

  private static void heard(WorkerEvent event, RunningCalls running) {
    if (event instanceof WorkerEvent.CallRunning call) {
      running.running(call.pid());
    } else if (event instanceof WorkerEvent.ChildRecycled child) {
      running.gone(child.pid());
    } else if (event instanceof WorkerEvent.ChildLost child) {
      running.gone(child.pid());
    }
  }

  Pool pool() {
    return pool;
  }

  PoolFaults faults() {
    return faults;
  }

  /**
   * Waits for the test's calls and releases everything.
   *
   * @throws AssertionError if calls still run after 30 s
   */
  void close() {
    if (remote != null) {
      remote.line().restore();
    }
    boolean ended;
    try {
      pool.shutdown();
      ended = pool.join(AFTER_TEST);
    } finally {
      pool.terminate();
      pool.close();
      if (remote != null) {
        remote.close();
      }
    }
    if (!ended) {
      throw new AssertionError(
          "calls of this test still ran " + AFTER_TEST.toSeconds() + " s after its end");
    }
  }

  /** The events of a {@code local:} pool. */
  private record Listener(RunningCalls running) implements PoolListener {
    @Override
    public void callRunning(String child, long pid, String job, long call) {
      running.running(pid);
    }

    @Override
    public void childRecycled(String child, long pid, String reason) {
      running.gone(pid);
    }

    @Override
    public void childLost(String child, long pid, RemoteFailure evidence) {
      running.gone(pid);
    }
  }
}

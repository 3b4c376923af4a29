package dev.warren.pool;

import dev.warren.broker.Broker;
import dev.warren.broker.BrokerUri;
import dev.warren.broker.PoolNames;
import dev.warren.broker.memory.InMemoryBroker;
import dev.warren.broker.rabbit.RabbitBroker;
import dev.warren.cluster.OwnerIdentity;
import dev.warren.json.Values;
import dev.warren.lifecycle.ThisProcess;
import dev.warren.lifecycle.TimeSource;
import dev.warren.meter.BrokerMeters;
import dev.warren.meter.CommonMeters;
import dev.warren.meter.CommonMeters.Role;
import dev.warren.meter.Meters;
import dev.warren.pool.code.InMemoryClasses;
import dev.warren.pool.code.ProgramCode;
import dev.warren.pool.engine.Engine;
import dev.warren.pool.engine.EngineConfig;
import dev.warren.pool.engine.meter.PoolMeters;
import dev.warren.task.ChildContext;
import dev.warren.trace.Tracing;
import dev.warren.wire.PoolSettings;
import dev.warren.wire.WireCodecs;
import dev.warren.worker.Worker;
import dev.warren.worker.config.HeapShare;
import dev.warren.worker.config.WarrenVersion;
import dev.warren.worker.config.WorkerConfig;
import dev.warren.worker.config.WorkerEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The collected settings of a builder, and the opening of a pool with them. Immutable. Start order:
 * broker, engine, then the local worker; on a failure, everything started before is released.
 *
 * @param processes 0 if not set
 * @param maxTasksPerChild 0 if not set
 * @param initializer the initializer and the mapper's class
 * @param brokerTimeout how long calls wait for an unreachable broker; null if not set
 * @param values converts arguments and results
 * @param codecs shared by the pool and the local worker
 * @param tracing makes the spans of both
 */
record PoolOpener(
    BrokerUri uri,
    int processes,
    int maxTasksPerChild,
    PoolSettings initializer,
    LocalChildren children,
    List<Path> classPath,
    @Nullable Executor callbackExecutor,
    @Nullable PoolListener listener,
    Values values,
    @Nullable Duration brokerTimeout,
    WireCodecs codecs,
    Tracing tracing) {
  /** How long to try to reach a broker by default. */
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  PoolCore open() {
    Meters meters = new Meters();
    return uri.isLocal() ? openLocal(meters) : openOn(connected(meters), meters);
  }

  private Broker connected(Meters meters) {
    try {
      String name = "warren pool " + uri.pool() + " (" + ThisProcess.description() + ")";
      Duration limit = brokerTimeout == null ? CONNECT_TIMEOUT : brokerTimeout;
      return RabbitBroker.open(uri, name, limit, new BrokerMeters(meters, Role.POOL));
    } catch (InterruptedException e) {
      throw Durations.interrupted("connecting to " + uri, e);
    }
  }

  private PoolCore openLocal(Meters meters) {
    int slots = processes > 0 ? processes : HeapShare.defaultSlots();
    ChildContext context = children.context() == null ? ChildContext.jvm() : children.context();
    WorkerConfig config =
        WorkerConfig.builder()
            .pool(uri.pool())
            .processes(slots)
            .maxTasksPerChild(maxTasksPerChild)
            .maxMemoryPerChild(children.maxMemory())
            .hardMaxMemoryPerChild(children.hardMaxMemory())
            .context(context)
            .classPath(ownClassPath())
            .functions(context instanceof ChildContext.Command own ? own.functions() : List.of())
            .codecs(codecs)
            .output(new VisibleOutput(listener))
            // the pool counts the outcomes, those that it decides itself included
            .meters(meters.without(CommonMeters.OUTCOMES))
            .tracing(tracing)
            .build();
    Broker broker = InMemoryBroker.open();
    Events events = new Events(listener);
    EmbeddedWorker worker = new EmbeddedWorker();
    EngineConfig engineConfig = config(broker, events, initializer, slots, 0, worker, meters);
    Engine engine = new Engine(engineConfig, TimeSource.SYSTEM);
    try {
      engine.start();
      worker.start(config, broker, events::ofWorker);
    } catch (RuntimeException | Error e) {
      engine.terminate();
      throw e;
    }
    return new PoolCore(
        engine, engineConfig.host(values, () -> engine.state() != Engine.State.RUNNING));
  }

  /** Opens the pool on a broker, which it then owns; the workers are separate processes. */
  PoolCore openOn(Broker broker) {
    return openOn(broker, new Meters());
  }

  private PoolCore openOn(Broker broker, Meters meters) {
    InMemoryClasses.ofProgram().openedElsewhere();
    PoolSettings settings =
        new PoolSettings(
            initializer.initializer(),
            initializer.initArgs(),
            initializer.json(),
            maxTasksPerChild);
    EngineConfig config =
        config(broker, new Events(listener), settings, 0, processes, null, meters);
    CommonMeters.showVersion(meters, WarrenVersion.number());
    Engine engine = new Engine(config, TimeSource.SYSTEM);
    try {
      engine.start();
    } catch (RuntimeException | Error e) {
      engine.terminate();
      throw e;
    }
    return new PoolCore(engine, config.host(values, () -> engine.state() != Engine.State.RUNNING));
  }

  private EngineConfig config(
      Broker broker,
      Events events,
      PoolSettings settings,
      int slots,
      int limit,
      @Nullable EmbeddedWorker worker,
      Meters meters) {
    return new EngineConfig(
        broker,
        OwnerIdentity.create(new PoolNames(uri.pool())),
        codecs,
        settings,
        slots,
        limit,
        brokerTimeout == null ? Pool.BROKER_TIMEOUT : brokerTimeout,
        Pool.CANCEL_GRACE,
        callbackExecutor,
        events::ofCluster,
        events::close,
        worker,
        new PoolMeters(meters),
        tracing);
  }

  /** This program's code, and the added entries. */
  private List<Path> ownClassPath() {
    List<Path> paths = new ArrayList<>(ProgramCode.classPath());
    paths.addAll(classPath);
    Path inMemory = InMemoryClasses.ofProgram().folder();
    if (inMemory != null) {
      paths.add(inMemory);
    }
    return List.copyOf(paths);
  }

  /** The worker of a {@code local:} pool, started after the engine that stops it. */
  private static final class EmbeddedWorker implements EngineConfig.LocalWorker {
    // volatile: written once, by start
    private volatile @Nullable Worker worker;

    void start(WorkerConfig config, Broker broker, Consumer<WorkerEvent> events) {
      worker = Worker.start(config, broker, events);
    }

    @Override
    public void drain() {
      Worker started = worker;
      if (started != null) {
        started.drain();
      }
    }

    @Override
    public void stop() {
      Worker started = worker;
      if (started != null) {
        started.stop();
      }
    }

    @Override
    public boolean awaitStopped(Duration limit) throws InterruptedException {
      Worker started = worker;
      return started == null || started.awaitStopped(limit);
    }
  }
}

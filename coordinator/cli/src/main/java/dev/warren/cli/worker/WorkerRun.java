package dev.warren.cli.worker;

import dev.warren.broker.Broker;
import dev.warren.broker.BrokerException;
import dev.warren.broker.BrokerUri;
import dev.warren.broker.rabbit.RabbitBroker;
import dev.warren.cli.kit.ExitCode;
import dev.warren.cli.kit.Logging;
import dev.warren.cli.kit.Signals;
import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.NamedThreads;
import dev.warren.lifecycle.ThisProcess;
import dev.warren.lifecycle.TimeSource;
import dev.warren.meter.BrokerMeters;
import dev.warren.meter.CommonMeters.Role;
import dev.warren.service.metrics.WorkerEndpoint;
import dev.warren.worker.ProbeFile;
import dev.warren.worker.Worker;
import dev.warren.worker.WorkerHealth;
import dev.warren.worker.config.WorkerConfig;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * One run of a worker in the foreground: waits for the broker, works, and ends on signals.
 *
 * <p>Signals arrive on threads of the JVM while the main thread waits in {@link #run}: the first
 * drains, each further one stops. A signal that arrives before the worker exists ends the wait for
 * the broker.
 */
final class WorkerRun {
  private static final Logger log = Logs.of(WorkerRun.class);

  /** Interval of connection checks. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  private static final Duration SAME_SIGNAL = Duration.ofMillis(300);

  /**
   * Added to the grace period: how long JVM shutdown without a signal waits for the worker's end.
   */
  private static final Duration MARGIN = Duration.ofSeconds(5);

  private final WorkerConfig config;
  private final BrokerUri uri;
  private final Duration brokerTimeout;
  private final MetricsOptions metrics;
  private final AtomicInteger signals = new AtomicInteger();
  private final Thread main = Thread.currentThread();
  private long firstSignal; // guarded by this
  // volatile: both written by the main thread, read by the signals' threads
  private volatile boolean connecting;
  private volatile @Nullable Worker worker;

  /**
   * Creates a run.
   *
   * @param brokerTimeout how long the broker may be unreachable, at the start and later; a refused
   *     login ends the run at once
   * @param metrics where it shows its metrics
   */
  WorkerRun(WorkerConfig config, BrokerUri uri, Duration brokerTimeout, MetricsOptions metrics) {
    this.config = config;
    this.uri = uri;
    this.brokerTimeout = brokerTimeout;
    this.metrics = metrics;
  }

  /** Runs the worker; returns the exit code once it has ended. */
  int run() throws InterruptedException {
    Logging.tag("worker", config.id());
    Logging.tag("pool", config.pool());
    Logging.tag("host", ThisProcess.host());
    if (!Signals.on(this::signal, "TERM", "INT", "HUP")) {
      Runtime.getRuntime()
          .addShutdownHook(NamedThreads.unstarted("worker-shutdown", this::drainAtExit));
    }
    try (WorkerEndpoint endpoint = metrics.start(config.meters(), this::health)) {
      log.debug("metrics are shown: {}", endpoint != null);
      return work();
    }
  }

  /** Answers probes, also while the worker waits for its broker. */
  private WorkerHealth health() {
    Worker running = worker;
    return running == null ? WorkerHealth.STARTING : running.health();
  }

  private int work() throws InterruptedException {
    Broker broker = connect();
    if (broker == null) {
      return ExitCode.DONE;
    }
    try (broker) {
      Worker started = Worker.start(config, broker, event -> {});
      worker = started;
      if (signals.get() > 0) {
        started.drain(); // the signal arrived during the start, before there was a worker to drain
      }
      if (!awaitStopped(started, broker)) {
        return ExitCode.BROKER;
      }
    }
    log.info("worker of pool {} has ended", config.pool());
    return ExitCode.DONE;
  }

  /** Waits for the worker's end; returns false if the broker timeout passed first. */
  private boolean awaitStopped(Worker started, Broker broker) throws InterruptedException {
    long connected = TimeSource.SYSTEM.nanos();
    while (!started.awaitStopped(LOOK)) {
      long now = TimeSource.SYSTEM.nanos();
      connected = broker.connected() ? now : connected;
      if (now - connected > brokerTimeout.toNanos()) {
        log.error(
            "{} has been unreachable for {} s, the broker timeout; exiting",
            broker.description(),
            brokerTimeout.toSeconds());
        started.close();
        return false;
      }
    }
    return true;
  }

  private String connectionName() {
    return "warren worker " + config.id() + " (" + ThisProcess.description() + ")";
  }

  /**
   * Connects, as soon as the broker is reachable; null if a signal arrived first.
   *
   * @throws BrokerException if the broker refuses the login
   */
  private @Nullable Broker connect() {
    ProbeFile health = new ProbeFile(config.healthFile());
    new ProbeFile(config.readyFile()).remove();
    ScheduledExecutorService timer = NamedThreads.timer("worker-health");
    try {
      ScheduledFuture<?> touching =
          timer.scheduleAtFixedRate(health::touch, 0, ProbeFile.INTERVAL_MS, TimeUnit.MILLISECONDS);
      connecting = true;
      BrokerMeters meters = new BrokerMeters(config.meters(), Role.WORKER);
      Broker broker = RabbitBroker.open(uri, connectionName(), brokerTimeout, meters);
      touching.cancel(false);
      return broker;
    } catch (InterruptedException e) {
      log.info(
          "received a signal before the broker was reachable"); // signals interrupt this thread
      return null;
    } finally {
      connecting = false;
      Thread.interrupted(); // from now on signals do not need the interrupt
      timer.shutdownNow();
    }
  }

  private synchronized void signal() {
    long now = TimeSource.SYSTEM.nanos();
    if (signals.get() > 0 && now - firstSignal < SAME_SIGNAL.toNanos()) {
      return; // one request, sent to the process and to its group, as timeout(1) does
    }
    int arrived = signals.incrementAndGet();
    firstSignal = arrived == 1 ? now : firstSignal;
    Worker running = worker;
    if (connecting) {
      main.interrupt();
    } else if (running == null) {
      log.info("received a signal while starting");
    } else if (arrived == 1) {
      log.info("received a signal: draining, for at most {} s", config.grace().toSeconds());
      running.drain();
    } else {
      log.warn("received another signal: handing back running calls");
      running.stop();
    }
  }

  /** Called if signals cannot be handled: the JVM is then already shutting down. */
  private void drainAtExit() {
    Worker running = worker;
    if (running == null) {
      return;
    }
    running.drain();
    try {
      running.awaitStopped(config.grace().plus(MARGIN));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

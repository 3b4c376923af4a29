package dev.warren.worker;

import dev.warren.broker.Broker;
import dev.warren.broker.BrokerException;
import dev.warren.broker.PoolNames;
import dev.warren.lifecycle.Logs;
import dev.warren.lifecycle.NamedThreads;
import dev.warren.lifecycle.StateMachine;
import dev.warren.lifecycle.ThisProcess;
import dev.warren.lifecycle.TimeSource;
import dev.warren.meter.CommonMeters;
import dev.warren.wire.control.WorkerRequests;
import dev.warren.worker.config.WarrenVersion;
import dev.warren.worker.config.WorkerConfig;
import dev.warren.worker.config.WorkerEvent;
import dev.warren.worker.config.WorkerException;
import dev.warren.worker.consume.TaskConsumer;
import dev.warren.worker.loop.SelectorLoop;
import dev.warren.worker.supervise.Supervisor;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;

/**
 * A running worker: consumes its pool's tasks, runs their calls in children, publishes the
 * outcomes. Thread-safe. The caller owns the broker, which is neither opened nor closed here.
 *
 * <p>States and transitions: RUNNING → DRAINING → STOPPING → STOPPED, RUNNING → STOPPING. Start
 * order: loop, children, topology, control subscription, task subscription, heartbeats. Stop order:
 * task subscription, waiting calls handed back, running calls ended or handed back, outcomes
 * confirmed, last heartbeat, children, control subscription, loop, guard.
 */
public final class Worker implements AutoCloseable {
  private static final Logger log = Logs.of(Worker.class);
  private static final long TICK_MS = 20;
  private static final long BEAT_SOON_MS = 50;
  private static final long PULSE_MS = 500;

  /** A loop that has not turned for this long is considered stuck. */
  private static final long STUCK_NANOS = 10_000_000_000L;

  /** Maximum wait for confirms and for children to exit at the end of a stop, in milliseconds. */
  private static final long LAST_WORDS_MS = 5000;

  private enum State {
    RUNNING,
    DRAINING,
    STOPPING,
    STOPPED
  }

  private final WorkerConfig config;
  private final Broker broker;
  private final SelectorLoop loop;
  private final Supervisor supervisor;
  private final TaskConsumer consumer;
  private final Heartbeats heartbeats;
  private final StateReports reports;
  private final ProbeFile ready;
  private final ExecutorService helper = NamedThreads.elastic("worker-helper");
  // confined to the loop
  private boolean beatDue;
  // volatile: written on the loop, read by probes
  private volatile long pulse = TimeSource.SYSTEM.nanos();
  private volatile boolean childReady;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final StateMachine<State> state =
      StateMachine.named("worker", State.class)
          .edge(State.RUNNING, State.DRAINING)
          .edge(State.RUNNING, State.STOPPING)
          .edge(State.DRAINING, State.STOPPING)
          .edge(State.STOPPING, State.STOPPED)
          .startingAt(State.RUNNING);

  private Worker(WorkerConfig config, Broker broker, SelectorLoop loop, Supervisor supervisor) {
    this.config = config;
    this.broker = broker;
    this.loop = loop;
    this.supervisor = supervisor;
    PoolNames names = new PoolNames(config.pool());
    this.consumer = new TaskConsumer(config, broker, loop, supervisor, helper, new Requests());
    this.ready = new ProbeFile(config.readyFile());
    CommonMeters.showVersion(config.meters(), WarrenVersion.number());
    this.heartbeats = new Heartbeats(broker, names, supervisor, consumer, config);
    this.reports = new StateReports(broker, loop, supervisor, consumer, config);
  }

  /**
   * Starts the children and begins to consume; returns without waiting for the children.
   *
   * @throws BrokerException if the pool's queues cannot be declared
   * @throws WorkerException if a socket or a process cannot be created
   */
  public static Worker start(WorkerConfig config, Broker broker, Consumer<WorkerEvent> listener) {
    SelectorLoop loop = SelectorLoop.start(TimeSource.SYSTEM);
    Worker worker = null;
    try {
      Supervisor supervisor =
          Supervisor.start(config, loop, listener, broker.maxBodyBytes() - Broker.BODY_MARGIN);
      worker = new Worker(config, broker, loop, supervisor);
      worker.begin();
      return worker;
    } catch (IOException e) {
      loop.stop();
      throw new WorkerException("the worker cannot start: " + e.getMessage(), e);
    } catch (RuntimeException e) {
      if (worker != null) {
        worker.close();
      } else {
        loop.stop();
      }
      throw e;
    }
  }

  private void begin() {
    PoolNames names = new PoolNames(config.pool());
    ProbeFile health = new ProbeFile(config.healthFile());
    String controlQueue = names.control(supervisor.id());
    broker.declare(
        names.topology().and(PoolNames.privateTopology(controlQueue, names.control(), "#")));
    loop.post(
        () -> {
          consumer.begin(controlQueue);
          health.touch();
          beat();
          loop.every(config.heartbeat().toMillis(), this::beat);
          loop.every(PULSE_MS, this::pulse);
          loop.every(ProbeFile.INTERVAL_MS, health::touch);
          tellReady();
          loop.every(ProbeFile.INTERVAL_MS, this::tellReady);
        });
    log.info(
        "worker {} ({}) serves pool {} on {} with {} slots",
        supervisor.id(),
        ThisProcess.description(),
        config.pool(),
        broker.description(),
        config.processes());
  }

  private void tellReady() {
    ready.set(state.is(State.RUNNING) && broker.connected());
  }

  private void pulse() {
    childReady = supervisor.hasUsableChild();
    pulse = TimeSource.SYSTEM.nanos();
  }

  /** Answers probes; may be asked on any thread. */
  public WorkerHealth health() {
    boolean connected = broker.connected();
    boolean accepts = state.is(State.RUNNING) && connected && childReady;
    boolean turns = TimeSource.SYSTEM.nanos() - pulse < STUCK_NANOS;
    return new WorkerHealth(turns, accepts && turns, connected, childReady);
  }

  /** Schedules a heartbeat because an owner asked for it; simultaneous requests get one answer. */
  private void beatSoon() {
    if (!beatDue) {
      beatDue = true;
      loop.after(
          BEAT_SOON_MS,
          () -> {
            beatDue = false;
            beat();
          });
    }
  }

  private void beat() {
    heartbeats.beat(!state.is(State.RUNNING), false);
    reports.beat(!state.is(State.RUNNING));
  }

  /** What control messages ask for; called on the loop. */
  private final class Requests implements WorkerRequests {
    @Override
    public void hello() {
      beatSoon();
    }

    @Override
    public void watch(int seconds) {
      reports.watch(seconds);
    }

    @Override
    public void drain() {
      log.info("asked to drain by a control message");
      Worker.this.drain();
    }
  }

  /** This worker's id, as in its heartbeats and its children's names. */
  public String id() {
    return supervisor.id();
  }

  /**
   * Begins to drain: consumes no more tasks, hands back unstarted calls at once, and lets running
   * calls end within the configured grace period; then hands those back too. Does not wait;
   * idempotent.
   */
  public void drain() {
    if (!state.tryGo(State.DRAINING)) {
      return;
    }
    loop.post(
        () -> {
          log.info(
              "draining, at most {} s: {}, {}", config.grace().toSeconds(), supervisor, consumer);
          ready.remove();
          consumer.drain();
          beat();
          long deadline = loop.now() + config.grace().toNanos();
          whenCallsEnd(deadline);
        });
  }

  private void whenCallsEnd(long deadline) {
    boolean over = supervisor.callsRunning() == 0 && supervisor.callsWaiting() == 0;
    if (over || loop.now() - deadline >= 0) {
      if (!over) {
        log.warn("grace period is over: {}", supervisor);
      }
      stop();
      return;
    }
    // calls whose child died during the drain are waiting again
    consumer.giveBack(supervisor.withdraw());
    loop.after(TICK_MS, () -> whenCallsEnd(deadline));
  }

  /**
   * Hands back everything at once, without a grace period, and kills the children. Does not wait;
   * idempotent.
   */
  public void stop() {
    if (!state.tryGo(State.STOPPING)) {
      return;
    }
    loop.post(
        () -> {
          ready.remove();
          consumer.drain();
          if (supervisor.callsRunning() == 0) {
            supervisor.quitAll();
          } else {
            consumer.giveBack(supervisor.killAll());
          }
          whenSettled(loop.now() + LAST_WORDS_MS * 1_000_000);
        });
  }

  private void whenSettled(long deadline) {
    boolean over = consumer.idle() && supervisor.childless();
    if (!over && loop.now() - deadline < 0) {
      loop.after(TICK_MS, () -> whenSettled(deadline));
      return;
    }
    if (!over) {
      log.warn(
          "stopping with unfinished work, which the broker will redeliver: {}, {}",
          supervisor,
          consumer);
      supervisor.killAll();
    }
    heartbeats.beat(true, true);
    consumer.end();
    loop.stop();
    NamedThreads.start("worker-stop", this::release);
  }

  private void release() {
    try {
      loop.awaitStopped(LAST_WORDS_MS);
      broker.flush(Duration.ofSeconds(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    supervisor.close();
    helper.shutdown();
    state.go(State.STOPPED);
    log.info("worker {} has stopped", supervisor.id());
    stopped.countDown();
  }

  /**
   * Waits until a drain or stop has ended, everything is settled and no child is left; returns
   * false on timeout.
   */
  public boolean awaitStopped(Duration limit) throws InterruptedException {
    return stopped.await(limit.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Calls {@link #stop()} and waits for its end. */
  @Override
  public void close() {
    stop();
    try {
      awaitStopped(Duration.ofMillis(4 * LAST_WORDS_MS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

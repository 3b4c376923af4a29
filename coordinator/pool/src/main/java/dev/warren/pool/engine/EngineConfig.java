package dev.warren.pool.engine;

import dev.warren.broker.Broker;
import dev.warren.cluster.ClusterEvent;
import dev.warren.cluster.OwnerIdentity;
import dev.warren.json.Values;
import dev.warren.lifecycle.Logs;
import dev.warren.pool.engine.meter.PoolMeters;
import dev.warren.pool.engine.submit.SubmissionConfig;
import dev.warren.trace.Tracing;
import dev.warren.wire.PoolSettings;
import dev.warren.wire.WireCodecs;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of an engine. Immutable.
 *
 * @param broker the engine owns it and closes it
 * @param owner who this engine is to the pool's workers
 * @param codecs convert its tasks and outcomes
 * @param settings sent with each task
 * @param slots children of a {@code local:} pool; 0 if known from heartbeats
 * @param limit maximum concurrent calls; 0 for no limit but the slots
 * @param brokerTimeout how long open calls wait for an unreachable broker
 * @param cancelGrace time between interrupting a cancelled call and killing its child
 * @param callbackExecutor the user's executor; null for the pool's own thread
 * @param listener receives events of workers and the broker
 * @param whenReleased runs when everything has been released; no event follows
 * @param localWorker the worker inside a {@code local:} pool, which the engine stops; null with a
 *     broker
 * @param meters count and measure its calls
 * @param tracing makes the spans of its jobs and messages
 */
public record EngineConfig(
    Broker broker,
    OwnerIdentity owner,
    WireCodecs codecs,
    PoolSettings settings,
    int slots,
    int limit,
    Duration brokerTimeout,
    Duration cancelGrace,
    @Nullable Executor callbackExecutor,
    Consumer<ClusterEvent> listener,
    Runnable whenReleased,
    @Nullable LocalWorker localWorker,
    PoolMeters meters,
    Tracing tracing) {

  /** The part that sends and cancels calls need. */
  SubmissionConfig submission() {
    return new SubmissionConfig(
        broker,
        owner,
        codecs.tasks(),
        settings,
        limit,
        cancelGrace,
        localWorker != null,
        meters,
        tracing);
  }

  /**
   * What durable jobs need to run on this pool's workers.
   *
   * @param values converts arguments and results
   * @param closed whether the pool is being closed
   */
  public JobHost host(Values values, BooleanSupplier closed) {
    return new JobHost(
        broker,
        owner.names(),
        codecs,
        settings,
        slots,
        limit,
        cancelGrace,
        localWorker != null,
        values,
        closed,
        meters,
        tracing);
  }

  /** The part that monitoring the cluster needs. */
  ClusterMonitor.Member member() {
    return new ClusterMonitor.Member(broker, owner, localWorker == null, listener);
  }

  /** The worker inside a {@code local:} pool. */
  public interface LocalWorker {
    /** Maximum wait for cancelled calls that are still running. */
    Duration LAST_CALLS = Duration.ofSeconds(4);

    /** Maximum wait for the children. */
    Duration LAST_CHILDREN = Duration.ofSeconds(10);

    /** Ends the children, after their calls unless the pool was terminated, and waits for that. */
    default void end(boolean terminated) throws InterruptedException {
      if (!terminated) {
        drain();
        if (awaitStopped(LAST_CALLS)) {
          return;
        }
      }
      stop();
      if (!awaitStopped(LAST_CHILDREN)) {
        Logs.of(LocalWorker.class)
            .warn("the local worker's children did not end within {}", LAST_CHILDREN);
      }
    }

    /** Lets the children end after their calls; does not wait. */
    void drain();

    /** Kills the children at once; does not wait. */
    void stop();

    /** Waits until all children have ended; returns false on timeout. */
    boolean awaitStopped(Duration limit) throws InterruptedException;
  }
}

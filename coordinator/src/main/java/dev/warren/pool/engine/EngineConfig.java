package dev.warren.pool.engine;

import dev.warren.broker.Broker;
import dev.warren.broker.PoolNames;
import dev.warren.wire.PoolSettings;
import dev.warren.wire.SecretIds;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of an engine. Immutable.
 *
 * @param broker the engine owns it and closes it
 * @param names names of the pool's queues and exchanges
 * @param client this owner's name; unguessable, because it is part of the name of the owner's queue
 * @param settings sent with each task
 * @param slots children of a {@code local:} pool; 0 if known from heartbeats
 * @param limit maximum concurrent calls; 0 for no limit but the slots
 * @param brokerTimeout how long open calls wait for an unreachable broker
 * @param cancelGrace time between interrupting a cancelled call and killing its child
 * @param callbackExecutor the user's executor; null for the pool's own thread
 * @param listener receives events of workers and the broker
 * @param localWorker the worker inside a {@code local:} pool, which the engine stops; null with a
 *     broker
 * @param ids generates the ids of tasks and jobs; knowing some does not help to guess others, or
 *     the client
 */
public record EngineConfig(
    Broker broker,
    PoolNames names,
    String client,
    PoolSettings settings,
    int slots,
    int limit,
    Duration brokerTimeout,
    Duration cancelGrace,
    @Nullable Executor callbackExecutor,
    ClusterListener listener,
    @Nullable LocalWorker localWorker,
    SecretIds ids) {

  /** Creates a configuration with its own task ids. */
  public EngineConfig(
      Broker broker,
      PoolNames names,
      String client,
      PoolSettings settings,
      int slots,
      int limit,
      Duration brokerTimeout,
      Duration cancelGrace,
      @Nullable Executor callbackExecutor,
      ClusterListener listener,
      @Nullable LocalWorker localWorker) {
    this(
        broker,
        names,
        client,
        settings,
        slots,
        limit,
        brokerTimeout,
        cancelGrace,
        callbackExecutor,
        listener,
        localWorker,
        SecretIds.create());
  }

  /** The owner's results queue. */
  String resultsQueue() {
    return PoolNames.results(client);
  }

  /** The owner's exclusive queue for heartbeats. */
  String eventsQueue() {
    return PoolNames.events(client);
  }

  /** Message id of the task whose first call has number {@code first}. */
  String taskId(long first) {
    return ids.of(first);
  }

  /** Id of the job with this number, from 1. */
  String jobId(long number) {
    return ids.of(-number);
  }

  /** The worker inside a {@code local:} pool. */
  public interface LocalWorker {
    /** Lets the children end after their calls; does not wait. */
    void drain();

    /** Kills the children at once; does not wait. */
    void stop();

    /** Waits until all children have ended; returns false on timeout. */
    boolean awaitStopped(Duration limit) throws InterruptedException;
  }
}

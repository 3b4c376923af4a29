package dev.warren.pool.engine;

import dev.warren.broker.Broker;
import dev.warren.broker.PoolNames;
import dev.warren.wire.PoolSettings;
import dev.warren.wire.SecretIds;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What an engine works with. Immutable.
 *
 * @param broker becomes the engine's: it closes it
 * @param names of the pool's queues and exchanges
 * @param client name of this owner; nobody can guess it, as its queue is named after it
 * @param settings travel with each task
 * @param slots children of a {@code local:} pool; 0 where heartbeats tell
 * @param limit most calls at once, 0 for as many as there are slots
 * @param brokerTimeout how long open calls wait for a broker that is unreachable
 * @param cancelGrace between the interrupt of a cancelled call and the end of its child
 * @param callbackExecutor the user's; null for the pool's own thread
 * @param listener hears of workers and the broker
 * @param localWorker the worker inside a {@code local:} pool, which the engine stops; null over a
 *     broker
 * @param ids makes the ids of tasks and jobs: who has seen some cannot guess the others, nor the
 *     client
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

  /** With task ids of its own. */
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

  /** The owner's queue for outcomes. */
  String resultsQueue() {
    return PoolNames.results(client);
  }

  /** The exclusive queue for heartbeats. */
  String eventsQueue() {
    return PoolNames.events(client);
  }

  /** Message id of the task whose first call has this number. */
  String taskId(long first) {
    return ids.of(first);
  }

  /** Id of the job with this number, from 1. */
  String jobId(long number) {
    return ids.of(-number);
  }

  /** The worker inside a {@code local:} pool. */
  public interface LocalWorker {
    /** Has the children end when their calls have; does not wait. */
    void drain();

    /** Kills the children at once; does not wait. */
    void stop();

    /** Lets the children end, and waits for that. */
    boolean awaitStopped(Duration limit) throws InterruptedException;
  }
}

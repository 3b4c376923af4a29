package dev.warren.pool.engine;

import dev.warren.broker.Broker;
import dev.warren.wire.PoolSettings;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What an engine works with. Immutable.
 *
 * @param broker becomes the engine's: it closes it
 * @param owner who this engine is to the pool's workers
 * @param settings travel with each task
 * @param slots children of a {@code local:} pool; 0 where heartbeats tell
 * @param limit most calls at once, 0 for as many as there are slots
 * @param brokerTimeout how long open calls wait for a broker that is unreachable
 * @param cancelGrace between the interrupt of a cancelled call and the end of its child
 * @param callbackExecutor the user's; null for the pool's own thread
 * @param listener hears of workers and the broker
 * @param localWorker the worker inside a {@code local:} pool, which the engine stops; null over a
 *     broker
 */
public record EngineConfig(
    Broker broker,
    OwnerIdentity owner,
    PoolSettings settings,
    int slots,
    int limit,
    Duration brokerTimeout,
    Duration cancelGrace,
    @Nullable Executor callbackExecutor,
    ClusterListener listener,
    @Nullable LocalWorker localWorker) {

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

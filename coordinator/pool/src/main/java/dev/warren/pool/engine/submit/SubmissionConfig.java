package dev.warren.pool.engine.submit;

import dev.warren.broker.Broker;
import dev.warren.cluster.OwnerIdentity;
import dev.warren.pool.engine.meter.PoolMeters;
import dev.warren.trace.Tracing;
import dev.warren.wire.PoolSettings;
import dev.warren.wire.TaskCodec;
import java.time.Duration;

/**
 * What an owner needs to send calls to a pool's workers and to cancel them. Immutable.
 *
 * @param owner who the sender is to the workers
 * @param codec converts its tasks
 * @param settings sent with each task
 * @param limit maximum concurrent calls; 0 for no limit but the workers' slots
 * @param cancelGrace time between interrupting a cancelled call and killing its child
 * @param sameClock whether the workers are in this process, and so need not learn its clock
 * @param meters count its calls
 * @param tracing makes the spans of its messages
 */
public record SubmissionConfig(
    Broker broker,
    OwnerIdentity owner,
    TaskCodec codec,
    PoolSettings settings,
    int limit,
    Duration cancelGrace,
    boolean sameClock,
    PoolMeters meters,
    Tracing tracing) {}

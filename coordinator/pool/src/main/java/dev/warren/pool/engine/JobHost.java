package dev.warren.pool.engine;

import dev.warren.broker.Broker;
import dev.warren.broker.PoolNames;
import dev.warren.json.Values;
import dev.warren.pool.engine.meter.PoolMeters;
import dev.warren.trace.Tracing;
import dev.warren.wire.PoolSettings;
import dev.warren.wire.WireCodecs;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * What durable jobs need of the open pool on whose workers they run; obtained by {@code
 * Pool.unwrap}. Immutable.
 *
 * @param broker owned by the pool, which closes it
 * @param settings sent with each task
 * @param slots children of a {@code local:} pool; 0 if known from heartbeats
 * @param limit maximum concurrent calls; 0 for no limit but the slots
 * @param local whether the workers end with this process
 * @param values converts arguments and results
 * @param closed whether the pool is being closed, so that what its broker refuses means nothing
 * @param meters of the pool
 * @param tracing of the pool
 */
public record JobHost(
    Broker broker,
    PoolNames names,
    WireCodecs codecs,
    PoolSettings settings,
    int slots,
    int limit,
    Duration cancelGrace,
    boolean local,
    Values values,
    BooleanSupplier closed,
    PoolMeters meters,
    Tracing tracing) {}

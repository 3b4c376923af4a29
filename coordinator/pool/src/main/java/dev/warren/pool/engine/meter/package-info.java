/**
 * What a pool counts and measures about its calls.
 *
 * <p>Door: {@link dev.warren.pool.engine.meter.PoolMeters}. Thread-safe.
 */
@NullMarked
package dev.warren.pool.engine.meter;

import org.jspecify.annotations.NullMarked;

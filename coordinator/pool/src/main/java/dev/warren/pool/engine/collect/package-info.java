/**
 * The way of outcomes back to the caller: from the results queue to receivers, with a bounded
 * backlog on disk and the fence against stale attempts.
 *
 * <p>Door: {@link dev.warren.pool.engine.collect.ResultSubscription}, {@link
 * dev.warren.pool.engine.collect.ResultCollector}, {@link dev.warren.pool.engine.collect.Backlog}.
 */
@NullMarked
package dev.warren.pool.engine.collect;

import org.jspecify.annotations.NullMarked;

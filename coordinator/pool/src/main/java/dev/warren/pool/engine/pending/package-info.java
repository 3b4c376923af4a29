/**
 * Tasks that have been sent and not answered, with the receivers of their outcomes. Each call ends
 * once: the first outcome wins.
 *
 * <p>Door: {@link dev.warren.pool.engine.pending.PendingCalls}, {@link
 * dev.warren.pool.engine.pending.PendingTask}, {@link dev.warren.pool.engine.pending.Receiver}.
 * Thread-safe.
 */
@NullMarked
package dev.warren.pool.engine.pending;

import org.jspecify.annotations.NullMarked;

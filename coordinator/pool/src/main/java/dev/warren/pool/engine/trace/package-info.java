/**
 * Spans of an owner: one per job, one per message that is sent, and which of them are recorded.
 * Without tracing there is no object of it.
 *
 * <p>Door: {@link dev.warren.pool.engine.trace.JobTrace}, {@link
 * dev.warren.pool.engine.trace.SendTraces}. No threads of its own.
 */
@NullMarked
package dev.warren.pool.engine.trace;

import org.jspecify.annotations.NullMarked;

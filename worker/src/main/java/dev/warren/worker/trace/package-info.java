/**
 * Spans of calls that this worker runs: one {@code process} span per attempt, made of what the
 * history of its message records. Nothing is decided by it, and without tracing there is no object
 * of it.
 *
 * <p>Door: {@link dev.warren.worker.trace.CallTraces}, {@link dev.warren.worker.trace.TaskTrace}.
 * Everything is confined to the loop.
 */
@NullMarked
package dev.warren.worker.trace;

import org.jspecify.annotations.NullMarked;

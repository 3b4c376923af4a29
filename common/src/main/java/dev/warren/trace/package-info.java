/**
 * Traces, without a tracing library: which contexts travel with calls, and the contract of what
 * makes spans. Without tracing, a message costs one comparison.
 *
 * <p>Door: {@link dev.warren.trace.Tracing}, {@link dev.warren.trace.TraceContext}. No threads.
 */
@NullMarked
package dev.warren.trace;

import org.jspecify.annotations.NullMarked;

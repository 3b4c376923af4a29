/**
 * Records spans, for tests without a tracing library.
 *
 * <p>Door: {@link dev.warren.testkit.trace.SpanRecorder}. Threads: none.
 */
@NullMarked
package dev.warren.testkit.trace;

import org.jspecify.annotations.NullMarked;

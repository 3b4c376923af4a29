/**
 * Traces of calls with OpenTelemetry, for applications that have it.
 *
 * <p>Door: {@link dev.warren.tracing.WarrenTracing}. No threads of its own.
 */
@NullMarked
package dev.warren.tracing;

import org.jspecify.annotations.NullMarked;

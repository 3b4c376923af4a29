package dev.warren.trace;

import org.jspecify.annotations.Nullable;

/**
 * Makes spans. {@code dev.warren.tracing.WarrenTracing} makes them with OpenTelemetry.
 * Implementations are thread-safe, never block, and do not throw.
 */
public interface Tracing {
  /** The usual {@link #ratio}. */
  double DEFAULT_RATIO = 0.01;

  /** Whether spans are made at all; if not, nothing else may be called. */
  boolean isOn();

  /** Share of the messages of a job that are traced after its first ones, 0 to 1. */
  default double ratio() {
    return DEFAULT_RATIO;
  }

  /** The calling thread's context; null if it is in no trace. */
  @Nullable TraceContext current();

  /** Starts a span. */
  TraceSpan start(SpanStart how);
}

package dev.warren.trace;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a span starts. Immutable.
 *
 * @param parent null for the first span of a trace
 * @param links contexts that it belongs to without being their child
 * @param epochNanos when, in nanoseconds since 1970; 0 for now
 * @param attributes texts and whole numbers ({@code Long}) by name
 */
public record SpanStart(
    Kind kind,
    String name,
    @Nullable TraceContext parent,
    List<TraceContext> links,
    long epochNanos,
    Map<String, Object> attributes) {

  /** What the span is to others. */
  public enum Kind {
    INTERNAL,
    PRODUCER,
    CONSUMER
  }
}

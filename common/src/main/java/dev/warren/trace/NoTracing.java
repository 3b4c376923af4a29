package dev.warren.trace;

import org.jspecify.annotations.Nullable;

/** Makes no spans. Stateless. */
public final class NoTracing implements Tracing {
  public static final Tracing OFF = new NoTracing();

  private NoTracing() {}

  @Override
  public boolean isOn() {
    return false;
  }

  @Override
  public @Nullable TraceContext current() {
    return null;
  }

  @Override
  public TraceSpan start(SpanStart how) {
    throw new IllegalStateException("tracing is off");
  }
}

package dev.warren.tracing;

import dev.warren.trace.TraceContext;
import dev.warren.trace.TraceSpan;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A span of OpenTelemetry. Thread-safe. */
final class OpenSpan implements TraceSpan {
  private static final AttributeKey<String> DETAIL = AttributeKey.stringKey("warren.detail");

  private final Span span;
  private final TraceContext context;

  OpenSpan(Span span, TraceContext context) {
    this.span = span;
    this.context = context;
  }

  @Override
  public TraceContext context() {
    return context;
  }

  @Override
  public void event(String name, long epochNanos, @Nullable String text) {
    Attributes attributes = text == null ? Attributes.empty() : Attributes.of(DETAIL, text);
    if (epochNanos == 0) {
      span.addEvent(name, attributes);
    } else {
      span.addEvent(name, attributes, epochNanos, TimeUnit.NANOSECONDS);
    }
  }

  @Override
  public void attribute(String name, String value) {
    span.setAttribute(name, value);
  }

  @Override
  public void failed(String type, @Nullable String message) {
    span.setAttribute("error.type", type);
    span.setStatus(StatusCode.ERROR, message == null ? type : message);
  }

  @Override
  public void end(long epochNanos) {
    if (epochNanos == 0) {
      span.end();
    } else {
      span.end(epochNanos, TimeUnit.NANOSECONDS);
    }
  }
}

package dev.warren.tracing;

import dev.warren.trace.SpanStart;
import dev.warren.trace.TraceContext;
import dev.warren.trace.TraceSpan;
import dev.warren.trace.Tracing;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Makes Warren's spans with OpenTelemetry; needs opentelemetry-api, which Warren does not bring.
 * Thread-safe.
 *
 * <pre>{@code
 * Pool pool = Pool.builder().uri(broker).tracing(WarrenTracing.of(openTelemetry)).open();
 * }</pre>
 *
 * <p>A call is sent in the trace of the thread that submits it. docs/TRACES.md describes the spans.
 */
public final class WarrenTracing implements Tracing {
  private static final W3CTraceContextPropagator W3C = W3CTraceContextPropagator.getInstance();
  private static final Headers HEADERS = new Headers();

  private final Tracer tracer;
  private final double ratio;

  private WarrenTracing(OpenTelemetry openTelemetry, double ratio) {
    this.tracer = openTelemetry.getTracer("dev.warren");
    this.ratio = ratio;
  }

  /** Returns what makes spans, with one in a hundred messages of a long job. */
  public static Tracing of(OpenTelemetry openTelemetry) {
    return new WarrenTracing(openTelemetry, DEFAULT_RATIO);
  }

  /**
   * Returns what makes spans.
   *
   * @param ratio share of the messages of a job that are traced after its first hundred, 0 to 1
   */
  public static Tracing of(OpenTelemetry openTelemetry, double ratio) {
    if (!(ratio >= 0 && ratio <= 1)) {
      throw new IllegalArgumentException("ratio is " + ratio + "; must be 0 to 1");
    }
    return new WarrenTracing(openTelemetry, ratio);
  }

  @Override
  public boolean isOn() {
    return true;
  }

  @Override
  public double ratio() {
    return ratio;
  }

  @Override
  public @Nullable TraceContext current() {
    SpanContext here = Span.current().getSpanContext();
    return here.isValid() ? context(Span.current()) : null;
  }

  @Override
  public TraceSpan start(SpanStart how) {
    SpanBuilder builder = tracer.spanBuilder(how.name()).setSpanKind(kind(how.kind()));
    TraceContext parent = how.parent();
    if (parent == null) {
      builder.setNoParent();
    } else {
      builder.setParent(W3C.extract(Context.root(), parent, HEADERS));
    }
    for (TraceContext link : how.links()) {
      builder.addLink(
          Span.fromContext(W3C.extract(Context.root(), link, HEADERS)).getSpanContext());
    }
    how.attributes()
        .forEach(
            (name, value) -> {
              if (value instanceof Long number) {
                builder.setAttribute(name, number);
              } else {
                builder.setAttribute(name, value.toString());
              }
            });
    if (how.epochNanos() != 0) {
      builder.setStartTimestamp(how.epochNanos(), TimeUnit.NANOSECONDS);
    }
    Span span = builder.startSpan();
    return new OpenSpan(span, context(span));
  }

  private static SpanKind kind(SpanStart.Kind kind) {
    return switch (kind) {
      case INTERNAL -> SpanKind.INTERNAL;
      case PRODUCER -> SpanKind.PRODUCER;
      case CONSUMER -> SpanKind.CONSUMER;
    };
  }

  private static TraceContext context(Span span) {
    SpanContext its = span.getSpanContext();
    String parent =
        "00-" + its.getTraceId() + "-" + its.getSpanId() + "-" + its.getTraceFlags().asHex();
    return new TraceContext(parent, its.getTraceState().isEmpty() ? null : state(span));
  }

  private static @Nullable String state(Span span) {
    Map<String, String> headers = new HashMap<>();
    W3C.inject(Context.root().with(span), headers, (map, name, value) -> headers.put(name, value));
    return headers.get(TraceContext.TRACESTATE);
  }

  /** Reads a context as the two headers. */
  private static final class Headers implements TextMapGetter<TraceContext> {
    @Override
    public Iterable<String> keys(TraceContext carrier) {
      return List.of(TraceContext.TRACEPARENT, TraceContext.TRACESTATE);
    }

    @Override
    public @Nullable String get(@Nullable TraceContext carrier, String key) {
      if (carrier == null) {
        return null;
      }
      return switch (key) {
        case TraceContext.TRACEPARENT -> carrier.parent();
        case TraceContext.TRACESTATE -> carrier.state();
        default -> null;
      };
    }
  }
}

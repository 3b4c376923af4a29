package dev.warren.pool.engine.trace;

import dev.warren.trace.Attributes;
import dev.warren.trace.SpanStart;
import dev.warren.trace.TraceContext;
import dev.warren.trace.TraceSpan;
import dev.warren.trace.Tracing;
import dev.warren.wire.FunctionRef;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The span of a job with many calls, and which of its messages are traced: the first ones, and a
 * share of the others. Thread-safe.
 */
public final class JobTrace {
  /** This many messages are traced in any case. */
  static final int FIRST = 100;

  private final TraceSpan span;
  private final TraceContext context;
  private final double ratio;
  private final AtomicLong messages = new AtomicLong();
  private final AtomicBoolean ended = new AtomicBoolean();

  private JobTrace(TraceSpan span, double ratio) {
    this.span = span;
    this.context = span.context();
    this.ratio = ratio;
  }

  /**
   * Starts the span of a job, in the trace of the calling thread; null without tracing.
   *
   * @param name of the job; null for none
   */
  public static @Nullable JobTrace start(
      Tracing tracing, String pool, FunctionRef function, @Nullable String name) {
    if (!tracing.isOn()) {
      return null;
    }
    String title = name == null ? function.shortName() : name;
    Attributes attributes =
        Attributes.none()
            .with("warren.pool", pool)
            .with("warren.function", function.shortName())
            .with("warren.job", name);
    return new JobTrace(
        tracing.start(
            new SpanStart(
                SpanStart.Kind.INTERNAL,
                "job " + title,
                tracing.current(),
                List.of(),
                0,
                attributes.values())),
        tracing.ratio());
  }

  /** The context of the next message, recorded or not. */
  TraceContext next() {
    long before = messages.getAndIncrement();
    boolean chosen =
        before < FIRST || Math.floor((before + 1) * ratio) > Math.floor(before * ratio);
    return context.sampled(chosen && context.isSampled());
  }

  /** The job has ended; only the first end counts. */
  public void end(boolean failed) {
    if (ended.compareAndSet(false, true)) {
      if (failed) {
        span.failed("failed", "a call failed");
      }
      span.end(0);
    }
  }

  /** Ends the span of a job, if it has one. */
  public static void ended(@Nullable JobTrace trace, boolean failed) {
    if (trace != null) {
      trace.end(failed);
    }
  }
}

package dev.warren.pool.engine.trace;

import dev.warren.broker.Broker;
import dev.warren.broker.PoolNames;
import dev.warren.trace.Attributes;
import dev.warren.trace.SpanStart;
import dev.warren.trace.TraceContext;
import dev.warren.trace.TraceSpan;
import dev.warren.trace.Tracing;
import dev.warren.wire.TaskMessage;
import org.jspecify.annotations.Nullable;

/** Makes the spans of messages that an owner sends. Thread-safe. */
public final class SendTraces {
  private final Tracing tracing;
  private final String system;
  private final String queue;

  private SendTraces(Tracing tracing, String system, String queue) {
    this.tracing = tracing;
    this.system = system;
    this.queue = queue;
  }

  /** Returns what makes the spans; null without tracing. */
  public static @Nullable SendTraces of(Tracing tracing, Broker broker, PoolNames names) {
    return tracing.isOn() ? new SendTraces(tracing, broker.system(), names.tasks()) : null;
  }

  /** The calling thread's context; null if it is in no trace. */
  public @Nullable TraceContext current() {
    return tracing.current();
  }

  /** Starts the span of a message of calls that were submitted one by one. */
  public Sending begin(TaskMessage task, Origins origins) {
    return start(task, origins);
  }

  /** Starts the span of a message of a job, if it is one of those that are traced. */
  public Sending begin(TaskMessage task, JobTrace job) {
    TraceContext context = job.next();
    return context.isSampled()
        ? start(task, new Origins(context, Origins.NONE.links()))
        : new Sending(task.traced(context), null);
  }

  private Sending start(TaskMessage task, Origins origins) {
    Attributes attributes =
        Attributes.ofMessage(system, "send", queue, task.id(), task.count())
            .with("warren.function", task.function().shortName())
            .with("warren.job", task.job());
    TraceSpan span =
        tracing.start(
            new SpanStart(
                SpanStart.Kind.PRODUCER,
                "send " + queue,
                origins.parent(),
                origins.links(),
                0,
                attributes.values()));
    return new Sending(task.traced(span.context()), span);
  }

  /**
   * A message on its way to the broker.
   *
   * @param task with its place in the trace
   * @param span null for none
   */
  public record Sending(TaskMessage task, @Nullable TraceSpan span) {
    /** A message without trace. */
    public static Sending untraced(TaskMessage task) {
      return new Sending(task, null);
    }
  }

  /** The message is confirmed. */
  public static void sent(@Nullable TraceSpan span) {
    if (span != null) {
      span.end(0);
    }
  }

  /** The message was not sent. */
  public static void notSent(@Nullable TraceSpan span, String type, @Nullable String why) {
    if (span != null) {
      span.failed(type, why);
      span.end(0);
    }
  }
}

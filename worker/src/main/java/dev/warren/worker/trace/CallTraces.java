package dev.warren.worker.trace;

import dev.warren.broker.PoolNames;
import dev.warren.lifecycle.TimeSource;
import dev.warren.trace.Attributes;
import dev.warren.trace.SpanStart;
import dev.warren.trace.TraceContext;
import dev.warren.trace.TraceSpan;
import dev.warren.trace.Tracing;
import dev.warren.wire.TaskMessage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the spans of a worker. Confined to the loop. */
public final class CallTraces {
  /** How long the difference between the two clocks is used. */
  private static final long READ_AGAIN_NANOS = 10_000_000_000L;

  private final Tracing tracing;
  private final String system;
  private final PoolNames names;
  private final String worker;
  private final TimeSource time;
  // wall clock minus loop's clock, and when that was read
  private long difference;
  private long readAt;

  private CallTraces(
      Tracing tracing, String system, PoolNames names, String worker, TimeSource time) {
    this.tracing = tracing;
    this.system = system;
    this.names = names;
    this.worker = worker;
    this.time = time;
    readClocks(time.nanos());
  }

  /**
   * Returns what makes the spans; null without tracing.
   *
   * @param system the kind of broker
   * @param worker the worker's name
   */
  public static @Nullable CallTraces of(
      Tracing tracing, String system, PoolNames names, String worker, TimeSource time) {
    return tracing.isOn() ? new CallTraces(tracing, system, names, worker, time) : null;
  }

  /**
   * Begins the trace of a message that this worker holds from now on.
   *
   * @param again whether it came from the queue of calls that run again
   */
  public TaskTrace begin(TaskMessage task, boolean again) {
    return new TaskTrace(this, task, again);
  }

  /** Starts the span of one attempt of a call. */
  TraceSpan start(
      TaskMessage task, boolean again, int index, @Nullable TraceContext parent, long nanos) {
    TaskMessage.Counts counts = task.counts();
    String function = task.function().shortName();
    Attributes attributes =
        Attributes.ofMessage(
                system, "process", again ? names.again() : names.tasks(), task.id(), task.count())
            .with("warren.worker", worker)
            .with("warren.function", function)
            .with("warren.job", task.job())
            .with("warren.call", task.calls().get(index))
            .with("warren.attempt", counts.attempt());
    if (counts.childLosses() > 0) {
      attributes.with("warren.child_losses", counts.childLosses());
    }
    if (counts.hostLosses() > 0) {
      attributes.with("warren.host_losses", counts.hostLosses());
    }
    return tracing.start(
        new SpanStart(
            SpanStart.Kind.CONSUMER,
            "process " + function,
            parent,
            List.of(),
            epochNanos(nanos),
            attributes.values()));
  }

  /** This moment, on the loop's clock. */
  long now() {
    return time.nanos();
  }

  /** The wall clock at a moment on the loop's clock. */
  long epochNanos(long nanos) {
    long now = time.nanos();
    if (now - readAt > READ_AGAIN_NANOS) {
      readClocks(now);
    }
    return nanos + difference;
  }

  private void readClocks(long now) {
    readAt = now;
    difference = time.epochMillis() * 1_000_000 - now;
  }
}

package dev.warren.testkit.trace;

import dev.warren.trace.SpanStart;
import dev.warren.trace.TraceContext;
import dev.warren.trace.TraceSpan;
import dev.warren.trace.Tracing;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Makes spans and keeps those that have ended and are recorded. A span is recorded if its parent
 * is, or if it has none. Thread-safe.
 */
public final class SpanRecorder implements Tracing {
  private final AtomicLong last = new AtomicLong();
  private final List<Recorded> ended = new CopyOnWriteArrayList<>();
  // volatile: the context of every thread
  private volatile @Nullable TraceContext current;

  /** A context that is not a span of this recorder. */
  public static TraceContext context(int trace, boolean sampled) {
    String form = "00-%032x-%016x-0%d".formatted(trace, trace, sampled ? 1 : 0);
    return new TraceContext(form, null);
  }

  /** From now on all threads are here. */
  public void enter(@Nullable TraceContext context) {
    current = context;
  }

  /** The spans that have ended, in that order. */
  public List<Recorded> ended() {
    return ended;
  }

  @Override
  public boolean isOn() {
    return true;
  }

  @Override
  public @Nullable TraceContext current() {
    return current;
  }

  @Override
  public TraceSpan start(SpanStart how) {
    TraceContext parent = how.parent();
    long id = last.incrementAndGet();
    String trace = parent == null ? "%032x".formatted(id << 32) : parent.parent().substring(3, 35);
    boolean recorded = parent == null || parent.isSampled();
    String form = "00-%s-%016x-0%d".formatted(trace, id, recorded ? 1 : 0);
    TraceContext context = new TraceContext(form, parent == null ? null : parent.state());
    return new Recorded(this, how, context);
  }

  /** A span. */
  public static final class Recorded implements TraceSpan {
    private final SpanRecorder recorder;
    private final SpanStart start;
    private final TraceContext context;
    private final List<String> events = new CopyOnWriteArrayList<>();
    private final Map<String, String> attributes = new ConcurrentHashMap<>();
    // volatile: written by the thread that ends it
    private volatile @Nullable String failure;
    private volatile long end;

    private Recorded(SpanRecorder recorder, SpanStart start, TraceContext context) {
      this.recorder = recorder;
      this.start = start;
      this.context = context;
    }

    /** How it started. */
    public SpanStart start() {
      return start;
    }

    /** Names of its events. */
    public List<String> events() {
      return events;
    }

    /** Attributes that were added later. */
    public Map<String, String> attributes() {
      return attributes;
    }

    /** Type of its failure; null for none. */
    public @Nullable String failure() {
      return failure;
    }

    public long endNanos() {
      return end;
    }

    @Override
    public TraceContext context() {
      return context;
    }

    @Override
    public void event(String name, long epochNanos, @Nullable String text) {
      events.add(name);
    }

    @Override
    public void attribute(String name, String value) {
      attributes.put(name, value);
    }

    @Override
    public void failed(String type, @Nullable String message) {
      failure = type;
    }

    @Override
    public void end(long epochNanos) {
      end = epochNanos;
      if (context.isSampled()) {
        recorder.ended.add(this);
      }
    }
  }
}

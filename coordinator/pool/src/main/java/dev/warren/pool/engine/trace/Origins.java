package dev.warren.pool.engine.trace;

import dev.warren.trace.TraceContext;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the calls of a message come from: from one context, or from several, which are links.
 * Immutable.
 */
public record Origins(@Nullable TraceContext parent, List<TraceContext> links) {
  /** From no trace. */
  public static final Origins NONE = new Origins(null, List.of());

  /** The origins of calls; null for a call of no trace. */
  public static Origins of(List<? extends @Nullable TraceContext> contexts) {
    Set<TraceContext> different = new LinkedHashSet<>();
    boolean some = false;
    for (TraceContext context : contexts) {
      if (context == null) {
        some = true;
      } else {
        different.add(context);
      }
    }
    List<TraceContext> all = List.copyOf(different);
    return all.size() == 1 && !some ? new Origins(all.get(0), List.of()) : new Origins(null, all);
  }
}

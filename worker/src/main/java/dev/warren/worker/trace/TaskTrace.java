package dev.warren.worker.trace;

import dev.warren.task.FailureKind;
import dev.warren.task.RemoteFailure;
import dev.warren.trace.TraceContext;
import dev.warren.trace.TraceSpan;
import dev.warren.wire.TaskMessage;
import dev.warren.worker.history.CallHistory;
import dev.warren.worker.history.HistoryEvent;
import dev.warren.worker.history.HistoryText;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The spans of the calls of one message. A call that a child was given has a span from then on, if
 * the message's trace is recorded; any other call gets one when it fails. Confined to the loop.
 */
public final class TaskTrace implements CallHistory.Reader {
  /** Maximum number of spans of calls of one message that did not fail. */
  static final int SPANS = 64;

  private final CallTraces all;
  private final TaskMessage task;
  private final boolean again;
  private final @Nullable TraceContext parent;
  // by position
  private final Map<Integer, Open> open = new HashMap<>();
  private final Map<Integer, Long> running = new HashMap<>();
  // by position of the first call
  private final TreeMap<Integer, Given> given = new TreeMap<>();
  private final BitSet done = new BitSet();
  private int started;

  private record Open(TraceSpan span, long start) {}

  private record Given(int to, long nanos, String child) {}

  TaskTrace(CallTraces all, TaskMessage task, boolean again) {
    this.all = all;
    this.task = task;
    this.again = again;
    this.parent = task.trace();
  }

  /**
   * Calls {@code from} to {@code to} (exclusive) are given to a child now.
   *
   * @return the {@code traceparent} of each, or one for all, separated by commas; null for none
   */
  public @Nullable String given(int from, int to, long now) {
    TraceContext sender = parent;
    String unrecorded = sender == null ? "" : sender.sampled(false).parent();
    boolean unwanted = sender != null && !sender.isSampled();
    if (unwanted || started >= SPANS) {
      return unrecorded.isEmpty() ? null : unrecorded;
    }
    StringBuilder each = new StringBuilder();
    for (int index = from; index < to; index++) {
      each.append(index == from ? "" : ",");
      if (started < SPANS) {
        started++;
        each.append(start(index, sender, now).span.context().parent());
      } else {
        each.append(unrecorded);
      }
    }
    return each.toString();
  }

  private Open start(int index, @Nullable TraceContext sender, long nanos) {
    Open made = new Open(all.start(task, again, index, sender, nanos), nanos);
    open.put(index, made);
    return made;
  }

  @Override
  public void read(HistoryEvent kind, int from, int to, long nanos, @Nullable String text) {
    switch (kind) {
      case GIVEN -> childIs(from, to, nanos, text == null ? "" : text);
      case RETURNED -> forget(from, to);
      case RUNNING -> {
        running.put(from, nanos);
        event("running", from, to, nanos, text);
      }
      case SOFT_LIMIT -> failing("limit", from, nanos, text);
      case KILLED -> failing("kill", from, nanos, text);
      case CHILD_DIED, HOST_LOST -> failing("loss", from, nanos, text);
      case RETRY -> failing("retry", from, nanos, text);
      case REFUSED, CANCELLED, PASSED_ON, SLOW -> event(kind.label(), from, to, nanos, text);
      case DELIVERED, WAITING, FAILED, HANDED_BACK, DEAD_LETTERED, OUTCOME_SENT, CONFIRMED -> {}
    }
  }

  private void childIs(int from, int to, long nanos, String child) {
    given.put(from, new Given(to, nanos, child));
    for (int index = from; index < to && !open.isEmpty(); index++) {
      Open its = open.get(index);
      if (its != null) {
        its.span.attribute("warren.child", child);
      }
    }
  }

  /** They have not run; their spans are never ended. */
  private void forget(int from, int to) {
    for (int index = from; index < to; index++) {
      running.remove(index);
      started -= open.remove(index) == null ? 0 : 1;
    }
  }

  private void event(String name, int from, int to, long nanos, @Nullable String text) {
    for (int index = from; index < to && !open.isEmpty(); index++) {
      Open its = open.get(index);
      if (its != null) {
        its.span.event(name, all.epochNanos(nanos), text);
      }
    }
  }

  private void failing(String name, int index, long nanos, @Nullable String text) {
    if (!done.get(index)) {
      opened(index, nanos).span.event(name, all.epochNanos(nanos), text);
    }
  }

  /** The span of the call, which is recorded even if its message's trace is not. */
  private Open opened(int index, long nanos) {
    Open its = open.get(index);
    if (its != null && its.span.context().isSampled()) {
      return its;
    }
    Map.Entry<Integer, Given> entry = given.floorEntry(index);
    Given last = entry == null || entry.getValue().to <= index ? null : entry.getValue();
    Long since = running.get(index);
    long start = since != null ? since : last != null ? last.nanos : nanos;
    TraceContext sender = parent != null ? parent : its != null ? its.span.context() : null;
    TraceContext recorded = sender == null ? null : sender.sampled(true);
    Open made = start(index, recorded, Math.min(start, nanos));
    if (last != null) {
      made.span.attribute("warren.child", last.child);
    }
    return made;
  }

  /** The call's child is to be replaced once the call has ended. */
  public void childRecycles(int index, String why) {
    event("recycle", index, index + 1, all.now(), why);
  }

  /** This attempt of the call has failed. */
  public void failed(int index, RemoteFailure failure) {
    FailureKind kind = failure.kind();
    boolean unwanted = kind == FailureKind.CANCELLED || kind == FailureKind.EXPIRED;
    if (!done.get(index) && (!unwanted || open.containsKey(index))) {
      TraceSpan span = opened(index, all.now()).span;
      if (kind == FailureKind.FAILED) {
        span.attribute("exception.type", String.valueOf(failure.type()));
      }
      span.failed(kind.wire(), HistoryText.failure(failure));
    }
  }

  /**
   * Calls {@code from} to {@code to} (exclusive) have ended here now, one after another.
   *
   * @param busyMicros how long they took together
   */
  public void ended(int from, int to, long busyMicros) {
    done.set(from, to);
    if (open.isEmpty()) {
      return;
    }
    long now = all.now();
    long each = busyMicros * 1000 / (to - from);
    for (int index = from; index < to; index++) {
      running.remove(index);
      Open its = open.remove(index);
      if (its != null) {
        long end = Math.max(its.start, now - (to - 1 - index) * each);
        its.span.end(all.epochNanos(end));
      }
    }
  }
}

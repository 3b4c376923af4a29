package dev.warren.pool.engine.submit;

import dev.warren.json.Lines;
import dev.warren.lifecycle.Logs;
import dev.warren.pool.engine.pending.CallTimes;
import dev.warren.pool.engine.pending.LastResort;
import dev.warren.pool.engine.pending.LocalOutcome;
import dev.warren.pool.engine.pending.PendingTask;
import dev.warren.pool.engine.pending.Receiver;
import dev.warren.pool.engine.pending.SingleReceiver;
import dev.warren.pool.engine.threads.Drain;
import dev.warren.pool.engine.trace.Origins;
import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import dev.warren.trace.TraceContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Batches calls that are submitted one by one. While there is little to do, each is sent at once,
 * on the caller's thread. Once the workers have plenty, or the broker is busy, calls are collected
 * for about a millisecond and those that may share a message do. Thread-safe.
 */
final class SingleCallBatcher {
  private static final Logger log = Logs.of(SingleCallBatcher.class);

  /** Calls per message while the function's call time is unknown. */
  private static final int UNMEASURED = 16;

  private static final int MAX_CALLS = 512;
  private static final int MAX_BYTES = 256 * 1024;

  /** This many waiting calls are sent at once. */
  private static final int ENOUGH = 256;

  /** With this many unconfirmed messages the broker counts as busy. */
  private static final int BUSY_MESSAGES = 32;

  private static final long LINGER_MICROS = 1000;

  private final Submission.Parts parts;
  private final BooleanSupplier terminated;
  private final Queue<Single> queue = new ConcurrentLinkedQueue<>();
  // calls whose delay is not over
  private final Set<Single> delayed = ConcurrentHashMap.newKeySet();
  private final AtomicInteger queued = new AtomicInteger();
  private final AtomicBoolean flushDue = new AtomicBoolean();
  private final Drain drain = new Drain(this::sendAll);

  SingleCallBatcher(Submission.Parts parts, BooleanSupplier terminated) {
    this.parts = parts;
    this.terminated = terminated;
  }

  /**
   * Sends a call, alone or with others, now or within about a millisecond, or when its delay is
   * over.
   */
  void submit(CallSpec spec, Payload args, SingleReceiver receiver) {
    Single single =
        new Single(
            new Key(spec, parts.clock().expiryOf(spec.options())),
            args,
            receiver,
            parts.publisher().context());
    long wait = parts.clock().waitMillis(spec.options());
    if (wait > 0) {
      delayed.add(single);
      if (terminated.getAsBoolean()) {
        endAll();
      } else {
        parts.threads().later(() -> begin(single), wait, TimeUnit.MILLISECONDS);
      }
    } else {
      enqueue(single);
    }
  }

  private void begin(Single single) {
    if (delayed.remove(single)) {
      enqueue(single);
    }
  }

  /** After the termination: ends all calls that are not sent, delayed ones included. */
  void endAll() {
    for (Single single : delayed) {
      begin(single);
    }
    flush();
  }

  private void enqueue(Single single) {
    queue.add(single);
    int waiting = queued.incrementAndGet();
    if (waiting >= ENOUGH || !busy()) {
      drain.run();
    } else if (flushDue.compareAndSet(false, true)) {
      parts.threads().later(this::flush, LINGER_MICROS, TimeUnit.MICROSECONDS);
    }
  }

  /** Sends all waiting calls. */
  void flush() {
    flushDue.set(false);
    drain.run();
  }

  private boolean busy() {
    return parts.table().openCalls() > Math.max(64, 16L * parts.capacity().slots())
        || parts.publisher().unconfirmed() > BUSY_MESSAGES;
  }

  private void sendAll() {
    Map<Key, List<Single>> groups = Map.of();
    int taken = 0;
    boolean more = false;
    Single single = null;
    try {
      groups = new LinkedHashMap<>();
      while (taken < MAX_CALLS && (single = queue.poll()) != null) {
        taken++;
        groups.computeIfAbsent(single.key, k -> new ArrayList<>()).add(single);
      }
      more = taken == MAX_CALLS;
    } catch (OutOfMemoryError e) {
      more = true;
      if (single != null) {
        LastResort.end(single.receiver, 0, LocalOutcome.NOT_SENT, e);
      }
    }
    queued.addAndGet(-taken);
    groups.forEach(this::sendGroup);
    if (more) {
      drain.run();
    }
  }

  /** Sends the calls, or ends them. */
  private void sendGroup(Key key, List<Single> group) {
    CallTimes.Measured times;
    try {
      times = parts.times().of(key.spec.function());
    } catch (OutOfMemoryError e) {
      notSent(null, group, 0, group.size(), e);
      return;
    }
    int max = times.known() ? times.callsIn(ChunkPlan.TARGET_MICROS, MAX_CALLS) : UNMEASURED;
    max = key.spec.options().coalesce() ? max : 1;
    int from = 0;
    int bytes = 0;
    for (int i = 0; i < group.size(); i++) {
      int length = group.get(i).args.length() + 1;
      if (i > from && (i - from == max || bytes + length > MAX_BYTES)) {
        send(key, times, group, from, i);
        from = i;
        bytes = 0;
      }
      bytes += length;
    }
    send(key, times, group, from, group.size());
  }

  /**
   * Sends the group's calls {@code from} to {@code to} (exclusive) in one message, or ends them.
   */
  private void send(Key key, CallTimes.Measured times, List<Single> group, int from, int to) {
    if (terminated.getAsBoolean()) {
      for (int i = from; i < to; i++) {
        group.get(i).receiver.outcome(0, LocalOutcome.TERMINATED);
      }
      return;
    }
    PendingTask task = null;
    try {
      List<Single> batch = group.subList(from, to);
      Lines args = lines(batch);
      int count = batch.size();
      long first = parts.numbers().next(count);
      Receiver receiver = count == 1 ? batch.get(0).receiver : Several.of(batch);
      PendingTask made = new PendingTask(first, count, 0, receiver, times, key.expiresAtMillis);
      parts.table().add(made);
      task = made;
      for (int i = 0; i < count; i++) {
        if (!batch.get(i).receiver.placed(task, i)) {
          parts.table().forget(task, i);
        }
      }
      String job = parts.numbers().jobOfTask(first);
      parts.publisher().send(task, key.spec, job, args, origins(batch));
    } catch (RuntimeException | Error e) {
      notSent(task, group, from, to, e);
      log.error("{} calls of {} could not be sent", to - from, key.spec.function(), e);
    }
  }

  private void notSent(
      @Nullable PendingTask task, List<Single> group, int from, int to, Throwable why) {
    Payload line =
        why instanceof RuntimeException
            ? LocalOutcome.line(FailureKind.REJECTED, "cannot be sent: " + why)
            : LocalOutcome.NOT_SENT;
    if (task != null) {
      parts.table().endRest(task, line);
      return;
    }
    for (int i = from; i < to; i++) {
      LastResort.end(group.get(i).receiver, 0, line, why);
    }
  }

  private static Origins origins(List<Single> batch) {
    for (Single single : batch) {
      if (single.trace != null) {
        return Origins.of(batch.stream().map(Single::trace).toList());
      }
    }
    return Origins.NONE;
  }

  private static Lines lines(List<Single> batch) {
    if (batch.size() == 1) {
      return Lines.single(batch.get(0).args);
    }
    int bytes = 0;
    for (Single single : batch) {
      bytes += single.args.length() + 1;
    }
    Lines.Builder lines = new Lines.Builder(bytes, batch.size());
    batch.forEach(single -> lines.add(single.args));
    return lines.build();
  }

  private record Key(CallSpec spec, long expiresAtMillis) {}

  private record Single(
      Key key, Payload args, SingleReceiver receiver, @Nullable TraceContext trace) {}

  /** The receivers of calls that share a message. */
  private record Several(List<SingleReceiver> receivers) implements Receiver {
    static Several of(List<Single> batch) {
      return new Several(batch.stream().map(Single::receiver).toList());
    }

    @Override
    public void outcome(long index, Payload line) {
      receivers.get((int) index).outcome(0, line);
    }
  }
}

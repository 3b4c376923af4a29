package dev.warren.pool.engine.submit;

import dev.warren.json.Lines;
import dev.warren.pool.engine.pending.CallTimes;
import dev.warren.pool.engine.pending.LocalOutcome;
import dev.warren.pool.engine.pending.PendingTask;
import dev.warren.pool.engine.pending.Receiver;
import dev.warren.pool.engine.pending.SingleReceiver;
import dev.warren.pool.engine.threads.Drain;
import dev.warren.task.FailureKind;
import dev.warren.task.Payload;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Batches calls that are submitted one by one. While there is little to do, each is sent at once,
 * on the caller's thread. Once the workers have plenty, or the broker is busy, calls are collected
 * for about a millisecond and those that may share a message do. Thread-safe.
 */
final class SingleCallBatcher {
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
  private final AtomicInteger queued = new AtomicInteger();
  private final AtomicBoolean flushDue = new AtomicBoolean();
  private final Drain drain = new Drain(this::sendAll);

  SingleCallBatcher(Submission.Parts parts, BooleanSupplier terminated) {
    this.parts = parts;
    this.terminated = terminated;
  }

  /** Sends a call, alone or with others, now or within about a millisecond. */
  void submit(CallSpec spec, Payload args, SingleReceiver receiver) {
    queue.add(new Single(new Key(spec, parts.clock().expiryOf(spec.options())), args, receiver));
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
    Map<Key, List<Single>> groups = new LinkedHashMap<>();
    int taken = 0;
    for (Single single = queue.poll(); single != null; single = queue.poll()) {
      groups.computeIfAbsent(single.key, k -> new ArrayList<>()).add(single);
      if (++taken == MAX_CALLS) {
        break;
      }
    }
    queued.addAndGet(-taken);
    groups.forEach(this::sendGroup);
    if (taken == MAX_CALLS) {
      drain.run();
    }
  }

  private void sendGroup(Key key, List<Single> group) {
    CallTimes.Measured times = parts.times().of(key.spec.function());
    int most = times.known() ? times.callsIn(ChunkPlan.TARGET_MICROS, MAX_CALLS) : UNMEASURED;
    most = key.spec.options().coalesce() ? most : 1;
    int from = 0;
    int bytes = 0;
    for (int i = 0; i < group.size(); i++) {
      int length = group.get(i).args.length() + 1;
      if (i > from && (i - from == most || bytes + length > MAX_BYTES)) {
        send(key, times, group.subList(from, i));
        from = i;
        bytes = 0;
      }
      bytes += length;
    }
    send(key, times, group.subList(from, group.size()));
  }

  private void send(Key key, CallTimes.Measured times, List<Single> batch) {
    if (terminated.getAsBoolean()) {
      batch.forEach(single -> single.receiver.outcome(0, LocalOutcome.TERMINATED));
      return;
    }
    try {
      place(key, times, batch);
    } catch (RuntimeException e) {
      Payload line = LocalOutcome.line(FailureKind.REJECTED, "cannot be sent: " + e);
      batch.forEach(single -> single.receiver.outcome(0, line));
      throw e;
    }
  }

  private void place(Key key, CallTimes.Measured times, List<Single> batch) {
    int count = batch.size();
    long first = parts.numbers().next(count);
    Receiver receiver = count == 1 ? batch.get(0).receiver : Several.of(batch);
    PendingTask task = new PendingTask(first, count, 0, receiver, times, key.expiresAtMillis);
    parts.table().add(task);
    int bytes = 0;
    for (int i = 0; i < count; i++) {
      Single single = batch.get(i);
      bytes += single.args.length() + 1;
      if (!single.receiver.placed(task, i)) {
        parts.table().forget(task, i);
      }
    }
    parts.publisher().send(task, key.spec, parts.numbers().jobOfTask(first), lines(batch, bytes));
  }

  private static Lines lines(List<Single> batch, int bytes) {
    if (batch.size() == 1) {
      return Lines.single(batch.get(0).args);
    }
    Lines.Builder lines = new Lines.Builder(bytes, batch.size());
    batch.forEach(single -> lines.add(single.args));
    return lines.build();
  }

  private record Key(CallSpec spec, long expiresAtMillis) {}

  private record Single(Key key, Payload args, SingleReceiver receiver) {}

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

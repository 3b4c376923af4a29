package dev.warren.pool.engine.submit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.broker.Route;
import dev.warren.lifecycle.Logs;
import dev.warren.pool.engine.pending.PendingCalls;
import dev.warren.pool.engine.pending.PendingTask;
import dev.warren.pool.engine.pending.Receiver;
import dev.warren.pool.engine.threads.EngineThreads;
import dev.warren.task.Payload;
import dev.warren.wire.CallRanges;
import dev.warren.wire.SecretIds;
import dev.warren.wire.control.CancelMessage;
import dev.warren.wire.control.ControlLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Cancels calls: tells the workers to drop those that were sent, and ends the others. Cancellations
 * within a millisecond share a message. Thread-safe.
 */
public final class Canceller {
  private static final Logger log = Logs.of(Canceller.class);
  private static final long LINGER_MICROS = 1000;

  private final SubmissionConfig config;
  private final PendingCalls table;
  private final EngineThreads threads;
  private final BooleanSupplier terminated;

  @GuardedBy("this")
  private final TreeSet<Long> stopped = new TreeSet<>();

  @GuardedBy("this")
  private final TreeSet<Long> leftRunning = new TreeSet<>();

  @GuardedBy("this")
  private boolean flushDue;

  Canceller(
      SubmissionConfig config,
      PendingCalls table,
      EngineThreads threads,
      BooleanSupplier terminated) {
    this.config = config;
    this.table = table;
    this.threads = threads;
    this.terminated = terminated;
  }

  /**
   * Tells the workers to drop a call that its receiver has ended. If the call was sent, its
   * receiver still gets an outcome, which shows what became of the call.
   *
   * @return whether it was sent
   */
  public boolean cancelled(PendingTask task, int index, boolean interrupt) {
    boolean sent = task.isSent();
    if (sent) {
      add(task.first + index, interrupt);
    } else {
      table.forget(task, index);
    }
    return sent;
  }

  /** Ends all open calls of the task with this line, and tells the workers to drop them. */
  public void cancel(PendingTask task, Payload line, boolean interrupt) {
    for (int i = 0; i < task.count; i++) {
      if (table.endOne(task, i, line) && task.isSent()) {
        add(task.first + i, interrupt);
      }
    }
  }

  /** Cancels all tasks of this receiver as {@link #cancel} does. */
  void cancelAllOf(Receiver receiver, Payload line, boolean interrupt) {
    table.forEach(
        task -> {
          if (task.receiver == receiver) {
            cancel(task, line, interrupt);
          }
        });
  }

  /**
   * Tells the workers to drop all calls of this receiver; their outcomes still arrive. Returns the
   * number of calls that had not been sent, and so get no outcome.
   */
  int abandonAllOf(Receiver receiver, boolean interrupt) {
    int[] unsent = {0};
    table.forEach(
        task -> {
          for (int i = 0; task.receiver == receiver && i < task.count; i++) {
            if (task.open(i) && !cancelled(task, i, interrupt)) {
              unsent[0]++;
            }
          }
        });
    return unsent[0];
  }

  /** Cancels a call: it must not start and, if {@code interrupt}, is stopped if it is running. */
  void add(long number, boolean interrupt) {
    synchronized (this) {
      (interrupt ? stopped : leftRunning).add(number);
      if (flushDue) {
        return;
      }
      flushDue = true;
    }
    threads.later(this::flush, LINGER_MICROS, TimeUnit.MICROSECONDS);
  }

  /** Cancels all calls of this owner, future ones included. */
  public void all() {
    send(null, config.cancelGrace().toMillis());
  }

  private void flush() {
    List<CallRanges> toStop;
    List<CallRanges> toLeave;
    synchronized (this) {
      flushDue = false;
      toStop = ranges(stopped);
      toLeave = ranges(leftRunning);
    }
    toStop.forEach(calls -> send(calls, config.cancelGrace().toMillis()));
    toLeave.forEach(calls -> send(calls, CancelMessage.LEAVE_RUNNING));
  }

  /** Removes the numbers and splits them into the maximum size of one message. */
  private static List<CallRanges> ranges(SortedSet<Long> numbers) {
    List<CallRanges> messages = new ArrayList<>();
    CallRanges.Builder ranges = new CallRanges.Builder();
    for (long number : numbers) {
      if (ranges.ranges() == ControlLimits.RANGES) {
        messages.add(ranges.build());
        ranges = new CallRanges.Builder();
      }
      ranges.add(number);
    }
    if (ranges.count() > 0) {
      messages.add(ranges.build());
    }
    numbers.clear();
    return messages;
  }

  private void send(@Nullable CallRanges calls, long graceMillis) {
    String id = "cancel." + SecretIds.random();
    CancelMessage message =
        new CancelMessage(id, config.owner().resultsQueue(), calls, graceMillis);
    var unused =
        config
            .broker()
            .publish(new Route(config.owner().names().control(), ""), message.toMessage())
            .whenComplete(
                (receipt, failure) -> {
                  if (failure != null && !terminated.getAsBoolean()) {
                    log.warn("cancelled calls may still run: {}", failure.getMessage());
                  }
                });
  }
}

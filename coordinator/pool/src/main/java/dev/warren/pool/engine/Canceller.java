package dev.warren.pool.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.broker.Route;
import dev.warren.lifecycle.Logs;
import dev.warren.wire.CallRanges;
import dev.warren.wire.SecretIds;
import dev.warren.wire.control.CancelMessage;
import dev.warren.wire.control.ControlLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Tells the workers which calls are cancelled. Cancellations within a millisecond share a message.
 * Thread-safe.
 */
final class Canceller {
  private static final Logger log = Logs.of(Canceller.class);
  private static final long LINGER_MICROS = 1000;

  private final Engine engine;
  private final EngineConfig config;

  @GuardedBy("this")
  private final TreeSet<Long> stopped = new TreeSet<>();

  @GuardedBy("this")
  private final TreeSet<Long> leftRunning = new TreeSet<>();

  @GuardedBy("this")
  private boolean flushDue;

  Canceller(Engine engine, EngineConfig config) {
    this.engine = engine;
    this.config = config;
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
    engine.later(this::flush, LINGER_MICROS, TimeUnit.MICROSECONDS);
  }

  /** Cancels all calls of this owner, future ones included. */
  void all() {
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
                  if (failure != null && !engine.isTerminated()) {
                    log.warn("cancelled calls may still run: {}", failure.getMessage());
                  }
                });
  }
}

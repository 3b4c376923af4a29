package dev.warren.pool.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.broker.Route;
import dev.warren.wire.CallRanges;
import dev.warren.wire.CancelMessage;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the workers which calls nobody wants any more, many in one message: what is cancelled
 * within a millisecond goes together. Thread-safe.
 */
final class Canceller {
  private static final Logger log = LoggerFactory.getLogger(Canceller.class);
  private static final long LINGER_MICROS = 1000;

  private final Engine engine;
  private final EngineConfig config;
  private final AtomicLong messages = new AtomicLong();

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

  /** A call must not start and, with {@code interrupt}, not go on. */
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

  /** All calls of this owner, those to come included. */
  void all() {
    send(null, config.cancelGrace().toMillis());
  }

  private void flush() {
    CallRanges toStop;
    CallRanges toLeave;
    synchronized (this) {
      flushDue = false;
      toStop = ranges(stopped);
      toLeave = ranges(leftRunning);
    }
    if (toStop.count() > 0) {
      send(toStop, config.cancelGrace().toMillis());
    }
    if (toLeave.count() > 0) {
      send(toLeave, CancelMessage.LEAVE_RUNNING);
    }
  }

  private static CallRanges ranges(SortedSet<Long> numbers) {
    CallRanges.Builder ranges = new CallRanges.Builder();
    numbers.forEach(ranges::add);
    numbers.clear();
    return ranges.build();
  }

  private void send(@Nullable CallRanges calls, long graceMillis) {
    String id = config.client() + ".cancel." + messages.incrementAndGet();
    CancelMessage message = new CancelMessage(id, config.resultsQueue(), calls, graceMillis);
    var unused =
        config
            .broker()
            .publish(new Route(config.names().control(), ""), message.toMessage())
            .whenComplete(
                (receipt, failure) -> {
                  if (failure != null && !engine.isTerminated()) {
                    log.warn("cancelled calls may still run: {}", failure.getMessage());
                  }
                });
  }
}

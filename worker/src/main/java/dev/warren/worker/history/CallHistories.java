package dev.warren.worker.history;

import dev.warren.lifecycle.BoundedMap;
import dev.warren.lifecycle.EventLoop;
import dev.warren.wire.TaskMessage;
import java.util.BitSet;
import java.util.function.BiConsumer;
import java.util.function.ToDoubleFunction;

/**
 * Begins the histories of messages, and keeps those of calls that failed or were slow after the
 * messages have been settled. Confined to the loop.
 */
public final class CallHistories {
  /** A call is slow if it takes at least this long, and longer than usual. */
  static final long SLOW_MICROS = 1_000_000;

  /** A slow call takes this many times as long as the average of its function. */
  private static final int SLOWER = 10;

  /** Maximum bytes of the kept histories; the oldest are forgotten. */
  static final long BYTES = 4 << 20;

  /** Every kept history counts as this many bytes at least, so that there are at most 4,096. */
  private static final long LEAST_BYTES = 1024;

  /** Maximum bytes of the texts in histories of messages that are held. */
  static final long TEXT_BYTES = 4 << 20;

  private final EventLoop loop;
  private final ToDoubleFunction<String> averageMicros;
  private final BoundedMap<String, Recorded> kept =
      BoundedMap.byAge(
          BYTES, (id, history) -> Math.max(LEAST_BYTES - BoundedMap.ENTRY_BYTES, history.bytes()));
  private long textBytes;
  // the time of this round of the loop, read when it is first needed
  private long roundNanos;
  private boolean roundKnown;

  /**
   * Creates an empty collection.
   *
   * @param averageMicros average microseconds per call of a function; 0 if unknown
   */
  public CallHistories(EventLoop loop, ToDoubleFunction<String> averageMicros) {
    this.loop = loop;
    this.averageMicros = averageMicros;
    loop.afterRound(() -> roundKnown = false);
  }

  /**
   * Begins the history of a message that was delivered now.
   *
   * @param ended positions of the calls that have ended; changed by the caller
   */
  public CallHistory begin(TaskMessage task, boolean redelivered, boolean again, BitSet ended) {
    return new CallHistory(this, task, redelivered, again, ended);
  }

  /** The message is settled: its history is kept if a call has failed or was slow. */
  public void settled(CallHistory history) {
    history.close();
    textBytes -= history.textBytes();
    if (history.isNotable()) {
      keep(history.recorded(false).pruned());
    }
  }

  /** A message came whose worker is considered lost, and is published again. */
  public void hostLost(TaskMessage task, boolean redelivered) {
    CallHistory history = begin(task, redelivered, false, new BitSet());
    String text = "the worker that had it is lost; published again";
    history.add(HistoryEvent.HOST_LOST, 0, task.count(), now(), text);
    settled(history);
  }

  private void keep(Recorded history) {
    kept.put(history.message(), history);
  }

  /** Passes the kept histories, oldest first. */
  void forEachKept(BiConsumer<String, Recorded> action) {
    kept.forEach(action);
  }

  /** The time of this round of the loop: short calls must not cost a reading of the clock each. */
  long now() {
    if (!roundKnown) {
      roundKnown = true;
      roundNanos = loop.now();
    }
    return roundNanos;
  }

  /** Time from which on a call of the function is slow, in microseconds. */
  long slowMicros(String function) {
    return Math.max(SLOW_MICROS, (long) (SLOWER * averageMicros.applyAsDouble(function)));
  }

  /** Takes room for a text; returns false if there is none. */
  boolean hasRoomForText(long bytes) {
    if (textBytes + bytes > TEXT_BYTES) {
      return false;
    }
    textBytes += bytes;
    return true;
  }
}

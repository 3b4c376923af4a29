package dev.warren.worker.history;

import dev.warren.lifecycle.Printable;
import dev.warren.wire.TaskMessage;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happens to the calls of one message while this worker holds it. Confined to the loop.
 *
 * <p>For maintainers: short calls are the common case, so an event is recorded for a run of calls,
 * as one small object without text of its own. There are at most {@link #MAX_EVENTS}; to make room,
 * those of calls that have ended well are forgotten first, then those of failed ones, the oldest
 * first.
 */
public final class CallHistory {
  /** Maximum number of events of one message. */
  static final int MAX_EVENTS = 64;

  /** Number of events forgotten at once if none is of calls that have ended well. */
  private static final int FORGOTTEN = 8;

  /** Maximum characters of an event's own text. */
  private static final int TEXT = 200;

  private final CallHistories all;
  private final TaskMessage task;
  private final Arrival arrival;
  private final BitSet ended;
  private final ArrayList<Event> events = new ArrayList<>(4);
  // positions of calls that failed or were slow; null for none
  private @Nullable BitSet notable;
  private int omitted;
  private long textBytes;
  // null for none
  private @Nullable Reader reader;

  CallHistory(CallHistories all, TaskMessage task, Arrival arrival, BitSet ended) {
    this.all = all;
    this.task = task;
    this.arrival = arrival;
    this.ended = ended;
  }

  /**
   * How a message came to this worker.
   *
   * @param nanos when, on the loop's clock
   * @param redelivered whether another worker, or this one, may have received it before
   * @param again whether it came from the queue of calls that run again
   */
  record Arrival(long nanos, boolean redelivered, boolean again) {}

  /**
   * Something that happened to the calls at positions {@code from} to {@code to} (exclusive).
   *
   * @param nanos when, on the loop's clock
   * @param text details; null for none
   */
  record Event(long nanos, HistoryEvent kind, int from, int to, @Nullable String text) {
    boolean isOf(int index) {
      return index < 0 || (from <= index && index < to);
    }
  }

  /** Is told what is recorded. */
  @FunctionalInterface
  public interface Reader {
    /**
     * Something happened to the calls at positions {@code from} to {@code to} (exclusive).
     *
     * @param nanos when, on the loop's clock
     * @param text details; null for none
     */
    void read(HistoryEvent kind, int from, int to, long nanos, @Nullable String text);
  }

  /** From now on the reader is told what is recorded; null for no reader. */
  public void readBy(@Nullable Reader other) {
    reader = other;
  }

  /** A child was given these calls. */
  public void given(int from, int to, String child, long now) {
    record(new Event(now, HistoryEvent.GIVEN, from, to, child));
  }

  /** The broker was given the outcomes of these calls. */
  public void sent(int from, int to) {
    record(new Event(all.now(), HistoryEvent.OUTCOME_SENT, from, to, null));
  }

  /** The broker has confirmed what replaces these calls here. */
  public void confirmed(int from, int to) {
    record(new Event(all.now(), HistoryEvent.CONFIRMED, from, to, null));
  }

  /** The message was delivered again while it was held. */
  public void deliveredAgain() {
    String why = "again; its first delivery was lost with the connection, or renewed";
    add(HistoryEvent.DELIVERED, 0, task.count(), all.now(), why);
  }

  /** A child did not start these calls, and they wait again. */
  public void returned(int from, int to, String why) {
    add(HistoryEvent.RETURNED, from, to, all.now(), why);
  }

  /** These calls are returned to the queue, not started. */
  public void handedBack(int from, int to) {
    record(new Event(all.now(), HistoryEvent.HANDED_BACK, from, to, null));
  }

  /** Calls that have just ended took this time together; notes one that was unusually slow. */
  public void took(int from, int to, long busyMicros) {
    if (busyMicros < CallHistories.SLOW_MICROS) {
      return;
    }
    long slow = all.slowMicros(task.function().toString());
    long now = all.now();
    for (int i = events.size() - 1; i >= 0; i--) {
      Event event = events.get(i);
      boolean one = event.kind == HistoryEvent.RUNNING && from <= event.from && event.to <= to;
      if (one && now - event.nanos >= slow * 1000) {
        add(HistoryEvent.SLOW, event.from, millis((now - event.nanos) / 1000));
        return;
      }
    }
    if (to - from == 1 && busyMicros >= slow) {
      add(HistoryEvent.SLOW, from, millis(busyMicros));
    }
  }

  private static String millis(long micros) {
    return "took " + micros / 1000 + " ms";
  }

  /** Something happens to the call at this position now. */
  public void add(HistoryEvent kind, int index, @Nullable String text) {
    add(kind, index, index + 1, all.now(), text);
  }

  /**
   * Something happened to the calls at positions {@code from} to {@code to} (exclusive).
   *
   * @param nanos when, on the loop's clock
   */
  public void add(HistoryEvent kind, int from, int to, long nanos, @Nullable String text) {
    if (kind.isNotable()) {
      BitSet positions = notable == null ? new BitSet() : notable;
      positions.set(from, to);
      notable = positions;
    }
    record(new Event(nanos, kind, from, to, kept(text)));
  }

  /** The text, if there is room for it among the texts of all histories. */
  private @Nullable String kept(@Nullable String text) {
    if (text == null) {
      return null;
    }
    String cut = Printable.cut(text, TEXT);
    long bytes = 2L * cut.length();
    if (!all.hasRoomForText(bytes)) {
      return null;
    }
    textBytes += bytes;
    return cut;
  }

  private void record(Event event) {
    if (reader != null) {
      reader.read(event.kind, event.from, event.to, event.nanos, event.text);
    }
    if (events.size() == MAX_EVENTS) {
      makeRoom();
    }
    events.add(event);
  }

  private void makeRoom() {
    events.removeIf(this::hasEndedWell);
    for (int i = 0; i < events.size() && events.size() > MAX_EVENTS - FORGOTTEN; ) {
      if (hasEnded(events.get(i))) {
        events.remove(i);
      } else {
        i++;
      }
    }
    if (events.size() == MAX_EVENTS) {
      events.subList(0, FORGOTTEN).clear();
    }
    omitted += MAX_EVENTS - events.size();
  }

  private boolean hasEnded(Event event) {
    return ended.nextClearBit(event.from) >= event.to;
  }

  private boolean hasEndedWell(Event event) {
    if (!hasEnded(event)) {
      return false;
    }
    int kept = notable == null ? -1 : notable.nextSetBit(event.from);
    return kept < 0 || kept >= event.to;
  }

  /** Bytes of the texts of its events. */
  long textBytes() {
    return textBytes;
  }

  /** Whether it has calls that failed or were slow. */
  public boolean isNotable() {
    return notable != null;
  }

  TaskMessage task() {
    return task;
  }

  /** Position of a call in the message if its history can be told; otherwise -1. */
  int find(long number) {
    return task.calls().indexOf(number);
  }

  /** The history as it is now. */
  Recorded recorded(boolean held) {
    List<Event> copy = new ArrayList<>(events.size() + 1);
    copy.add(
        new Event(
            arrival.nanos,
            HistoryEvent.DELIVERED,
            0,
            task.count(),
            HistoryText.arrival(task, arrival.redelivered, arrival.again)));
    copy.addAll(events);
    int waits = held ? firstWaiting() : -1;
    if (waits >= 0) {
      copy.add(new Event(arrival.nanos, HistoryEvent.WAITING, waits, task.count(), "for a child"));
    }
    BitSet told = held || notable == null ? all(task.count()) : (BitSet) notable.clone();
    return new Recorded(task.id(), task.job(), task.calls(), told, copy, omitted);
  }

  private static BitSet all(int count) {
    BitSet positions = new BitSet(count);
    positions.set(0, count);
    return positions;
  }

  /** Position of the first call that no child was given and that has not ended; -1 for none. */
  private int firstWaiting() {
    int next = 0;
    for (Event event : events) {
      next = event.kind == HistoryEvent.GIVEN ? Math.max(next, event.to) : next;
    }
    int waiting = ended.nextClearBit(next);
    return waiting < task.count() ? waiting : -1;
  }
}

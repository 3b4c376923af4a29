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
 * and a message whose calls go to one child and come back together, without incident, has no event
 * objects: {@link #given} and {@link #sent} set fields. There are at most {@link #MAX_EVENTS}; to
 * make room, those of calls that have ended well are forgotten first, then those of failed ones,
 * the oldest first.
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
  private final long arrivedNanos;
  private final boolean redelivered;
  private final boolean again;
  private final BitSet ended;
  // the first event, if all calls were given at once; null otherwise
  private @Nullable String givenTo;
  private long givenNanos;
  // the second event, if all outcomes were sent at once
  private boolean sent;
  private long sentNanos;
  // all events; null while the fields above tell everything
  private @Nullable List<Event> events;
  // positions of calls that failed or were slow; null for none
  private @Nullable BitSet notable;
  private int omitted;
  private long textBytes;
  private boolean closed;
  // null for none
  private @Nullable Reader reader;

  /**
   * Creates the history of a message that has arrived now.
   *
   * @param redelivered whether another worker, or this one, may have received it before
   * @param again whether it came from the queue of calls that run again
   * @param ended positions of the calls that have ended; changed by the caller
   */
  CallHistory(
      CallHistories all, TaskMessage task, boolean redelivered, boolean again, BitSet ended) {
    this.all = all;
    this.task = task;
    this.arrivedNanos = all.now();
    this.redelivered = redelivered;
    this.again = again;
    this.ended = ended;
  }

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
    if (events == null && givenTo == null && isWhole(from, to)) {
      tell(HistoryEvent.GIVEN, from, to, now, child);
      givenTo = child;
      givenNanos = now;
    } else {
      record(new Event(now, HistoryEvent.GIVEN, from, to, child));
    }
  }

  /** The broker was given the outcomes of these calls. */
  public void sent(int from, int to) {
    if (events == null && !sent && isWhole(from, to)) {
      tell(HistoryEvent.OUTCOME_SENT, from, to, all.now(), null);
      sent = true;
      sentNanos = all.now();
    } else {
      record(new Event(all.now(), HistoryEvent.OUTCOME_SENT, from, to, null));
    }
  }

  private boolean isWhole(int from, int to) {
    return from == 0 && to == task.count();
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
    List<Event> earlier = events();
    for (int i = earlier.size() - 1; i >= 0; i--) {
      Event event = earlier.get(i);
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
    if (text == null || closed) {
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
    tell(event.kind, event.from, event.to, event.nanos, event.text);
    if (closed) {
      return;
    }
    List<Event> known = events();
    if (known.size() == MAX_EVENTS) {
      makeRoom(known);
    }
    known.add(event);
  }

  private void tell(HistoryEvent kind, int from, int to, long nanos, @Nullable String text) {
    if (reader != null) {
      reader.read(kind, from, to, nanos, text);
    }
  }

  /** The events as a list. */
  private List<Event> events() {
    List<Event> list = events;
    if (list == null) {
      list = new ArrayList<>(4);
      if (givenTo != null) {
        list.add(new Event(givenNanos, HistoryEvent.GIVEN, 0, task.count(), givenTo));
      }
      if (sent) {
        list.add(new Event(sentNanos, HistoryEvent.OUTCOME_SENT, 0, task.count(), null));
      }
      events = list;
    }
    return list;
  }

  private void makeRoom(List<Event> known) {
    known.removeIf(this::hasEndedWell);
    for (int i = 0; i < known.size() && known.size() > MAX_EVENTS - FORGOTTEN; ) {
      if (hasEnded(known.get(i))) {
        known.remove(i);
      } else {
        i++;
      }
    }
    if (known.size() == MAX_EVENTS) {
      known.subList(0, FORGOTTEN).clear();
    }
    omitted += MAX_EVENTS - known.size();
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

  /** Its message is settled: what still happens to its child is not recorded any more. */
  void close() {
    closed = true;
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
    List<Event> known = events();
    List<Event> copy = new ArrayList<>(known.size() + 2);
    copy.add(
        new Event(
            arrivedNanos,
            HistoryEvent.DELIVERED,
            0,
            task.count(),
            HistoryText.arrival(task, redelivered, again)));
    copy.addAll(known);
    int waits = held ? firstWaiting(known) : -1;
    if (waits >= 0) {
      copy.add(new Event(arrivedNanos, HistoryEvent.WAITING, waits, task.count(), "for a child"));
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
  private int firstWaiting(List<Event> known) {
    int next = 0;
    for (Event event : known) {
      next = event.kind == HistoryEvent.GIVEN ? Math.max(next, event.to) : next;
    }
    int waiting = ended.nextClearBit(next);
    return waiting < task.count() ? waiting : -1;
  }
}

package dev.warren.jobs.journal;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.lifecycle.TimeSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What a journal was given and has not written. Producers add from any thread and never wait; the
 * journal's thread takes what fits into one transaction. Thread-safe.
 */
final class EntryQueue {
  static final int MAX_OUTCOMES = 5_000;
  static final int MAX_BYTES = 4 << 20;

  /** How long outcomes wait for others while the database is busy. */
  static final long LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final TimeSource time;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  @GuardedBy("lock")
  private final Deque<Entry> entries = new ArrayDeque<>();

  @GuardedBy("lock")
  private long outcomes;

  @GuardedBy("lock")
  private long bytes;

  // entries for which outcomes do not wait for others
  @GuardedBy("lock")
  private int urgent;

  // when the oldest entry was added; while the queue is empty, meaningless
  @GuardedBy("lock")
  private long oldestNanos;

  // entries that were taken and are being written
  @GuardedBy("lock")
  private List<Entry> taken = List.of();

  // why nothing more is accepted
  @GuardedBy("lock")
  private @Nullable Exception end;

  EntryQueue(TimeSource time) {
    this.time = time;
  }

  /** Adds an entry; returns why not if the queue has ended, else null. */
  @Nullable Exception add(Entry entry) {
    lock.lock();
    try {
      if (end == null) {
        append(entry);
      }
      return end;
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void append(Entry entry) {
    if (entries.isEmpty()) {
      oldestNanos = time.nanos();
    }
    entries.addLast(entry);
    count(entry, 1);
    changed.signal();
  }

  @GuardedBy("lock")
  private void count(Entry entry, int sign) {
    outcomes += sign * (long) entry.outcomes();
    bytes += sign * (long) entry.bytes();
    urgent += entry instanceof Entry.Awaited && !(entry instanceof Entry.Kept) ? sign : 0;
  }

  /** A stage that ends when everything added before is written. */
  CompletableFuture<@Nullable Void> kept() {
    lock.lock();
    try {
      if (end != null) {
        return CompletableFuture.failedFuture(end);
      }
      if (entries.isEmpty() && taken.isEmpty()) {
        return CompletableFuture.completedFuture(null);
      }
      if (entries.peekLast() instanceof Entry.Kept last) {
        return last.stage();
      }
      CompletableFuture<Void> stage = new CompletableFuture<>();
      append(new Entry.Kept(stage));
      return stage;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for entries and returns those of the next transaction; empty if there are none and the
   * queue has ended. If entries were waiting already, the database is busy: then it also waits for
   * more of them, at most until the oldest has waited for {@link #LINGER_NANOS}.
   */
  List<Entry> take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      taken = List.of();
      boolean busy = !entries.isEmpty();
      while (entries.isEmpty() && end == null) {
        changed.await();
      }
      while (busy && outcomes > 0 && urgent == 0 && !isFull() && end == null) {
        long rest = LINGER_NANOS - (time.nanos() - oldestNanos);
        if (rest <= 0) {
          break;
        }
        changed.awaitNanos(rest);
      }
      taken = fill();
      oldestNanos = time.nanos();
      return taken;
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private boolean isFull() {
    return outcomes >= MAX_OUTCOMES || bytes >= MAX_BYTES;
  }

  @GuardedBy("lock")
  private List<Entry> fill() {
    List<Entry> group = new ArrayList<>();
    int room = MAX_OUTCOMES;
    long roomBytes = MAX_BYTES;
    while (!entries.isEmpty()) {
      Entry next = entries.removeFirst();
      count(next, -1);
      if (next instanceof Entry.Outcomes several && several.outcomes() > 0) {
        int fitting = fitting(several, room, roomBytes, group.isEmpty());
        if (fitting < several.outcomes()) {
          Entry.Outcomes tail = several.tail(fitting);
          entries.addFirst(tail);
          count(tail, 1);
          if (fitting > 0) {
            group.add(several.head(fitting));
          }
          break;
        }
        room -= several.outcomes();
        roomBytes -= several.bytes();
      }
      group.add(next);
      if (next instanceof Entry.Changed) {
        break;
      }
    }
    return group;
  }

  /** How many of the outcomes fit; of the first ones at least one. */
  private static int fitting(Entry.Outcomes entry, int room, long roomBytes, boolean first) {
    int count = Math.min(entry.outcomes(), room);
    if (entry.lines().bytes(0, count) > roomBytes) {
      int low = 0;
      while (low + 1 < count) {
        int middle = (low + count) >>> 1;
        if (entry.lines().bytes(0, middle) > roomBytes) {
          count = middle;
        } else {
          low = middle;
        }
      }
      count = low;
    }
    return first ? Math.max(1, count) : count;
  }

  /** Accepts nothing more; the first reason counts. What was added can still be taken. */
  void end(Exception reason) {
    lock.lock();
    try {
      if (end == null) {
        end = reason;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Removes everything that was not written, including what was taken. */
  List<Entry> drain() {
    lock.lock();
    try {
      List<Entry> rest = new ArrayList<>(taken);
      rest.addAll(entries);
      taken = List.of();
      entries.clear();
      outcomes = 0;
      bytes = 0;
      urgent = 0;
      return rest;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for this time, or until the queue ends; returns true if it has ended. */
  boolean awaitEnd(long nanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long rest = nanos;
      while (end == null && rest > 0) {
        rest = changed.awaitNanos(rest);
      }
      return end != null;
    } finally {
      lock.unlock();
    }
  }
}

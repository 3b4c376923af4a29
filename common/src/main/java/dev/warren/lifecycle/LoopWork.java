package dev.warren.lifecycle;

import java.util.ArrayDeque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * The actions that an {@link EventLoop} has to run, and the order in which a round runs them. Every
 * implementation of the loop uses it, so that all have the same rounds.
 *
 * <p>{@link #post}, {@link #anyPosted} and {@link #afterRound} are thread-safe; everything else is
 * confined to the loop.
 */
public final class LoopWork {
  private final TimeSource time;
  private final ConcurrentLinkedQueue<Runnable> posted = new ConcurrentLinkedQueue<>();
  private final PriorityQueue<Entry> timers = new PriorityQueue<>();
  private final List<Runnable> finishers = new CopyOnWriteArrayList<>();
  private final ArrayDeque<Runnable> last = new ArrayDeque<>();
  private long timerNumber;

  public LoopWork(TimeSource time) {
    this.time = time;
  }

  /** As {@link EventLoop#post}. */
  public void post(Runnable action) {
    posted.add(action);
  }

  public boolean anyPosted() {
    return !posted.isEmpty();
  }

  /** As {@link EventLoop#afterRound}. */
  public void afterRound(Runnable action) {
    finishers.add(action);
  }

  /** As {@link EventLoop#endRoundWith}. */
  public void endRoundWith(Runnable action) {
    last.add(action);
  }

  /** As {@link EventLoop#after}. */
  public EventLoop.Timer after(long delayMillis, Runnable action) {
    return add(new Entry(action, 0), TimeUnit.MILLISECONDS.toNanos(delayMillis));
  }

  /** As {@link EventLoop#every}. */
  public EventLoop.Timer every(long periodMillis, Runnable action) {
    long period = TimeUnit.MILLISECONDS.toNanos(periodMillis);
    return add(new Entry(action, period), period);
  }

  private Entry add(Entry timer, long delayNanos) {
    timer.atNanos = time.nanos() + delayNanos;
    timer.number = timerNumber++;
    timers.add(timer);
    return timer;
  }

  /** Nanoseconds until the first timer is due; Long.MAX_VALUE without any, below 1 if it is due. */
  public long nanosToTimer() {
    Entry next = timers.peek();
    return next == null ? Long.MAX_VALUE : next.atNanos - time.nanos();
  }

  /** Runs one round: posted actions, timers, finishers, last actions, each through {@code by}. */
  public void round(Executor by) {
    drain(posted, by);
    runTimers(by);
    for (Runnable finisher : finishers) {
      by.execute(finisher);
    }
    drain(last, by);
  }

  private static void drain(Queue<Runnable> actions, Executor by) {
    for (Runnable action = actions.poll(); action != null; action = actions.poll()) {
      by.execute(action);
    }
  }

  private void runTimers(Executor by) {
    while (nanosToTimer() <= 0) {
      Entry next = timers.remove();
      if (next.cancelled) {
        continue;
      }
      if (next.periodNanos > 0) {
        add(next, next.periodNanos);
      }
      by.execute(next.action);
    }
  }

  private static final class Entry implements EventLoop.Timer, Comparable<Entry> {
    private final Runnable action;
    private final long periodNanos; // 0: once
    private long atNanos;
    private long number; // keeps timers of the same time in the order they were set
    private boolean cancelled;

    private Entry(Runnable action, long periodNanos) {
      this.action = action;
      this.periodNanos = periodNanos;
    }

    @Override
    public void cancel() {
      cancelled = true;
    }

    @Override
    public int compareTo(Entry other) {
      long difference = atNanos - other.atNanos;
      return difference != 0 ? Long.signum(difference) : Long.compare(number, other.number);
    }
  }
}

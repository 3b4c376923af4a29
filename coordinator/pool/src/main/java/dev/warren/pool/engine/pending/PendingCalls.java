package dev.warren.pool.engine.pending;

import dev.warren.json.Lines;
import dev.warren.lifecycle.Logs;
import dev.warren.task.Payload;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Owns every promise: all calls, by number, that are sent or about to be sent and have not ended.
 * The first outcome of a number wins; later ones are dropped. Thread-safe; calls receivers outside
 * any lock.
 */
public final class PendingCalls {
  private static final Logger log = Logs.of(PendingCalls.class);

  /** Attempts to give a failure to a receiver that has no memory for it, with a pause between. */
  private static final int ATTEMPTS = 600;

  private static final long PAUSE_NANOS = 100_000_000L;

  private final TaskIndex tasks = new TaskIndex();
  private final AtomicLong openCalls = new AtomicLong();
  private final Consumer<PendingTask> whenEnded;
  private final Consumer<PendingTask> whenFewer;

  /**
   * Creates an empty table.
   *
   * @param whenEnded receives each task when its last call has ended
   * @param whenFewer receives a split task when some of its calls have ended
   */
  public PendingCalls(Consumer<PendingTask> whenEnded, Consumer<PendingTask> whenFewer) {
    this.whenEnded = whenEnded;
    this.whenFewer = whenFewer;
  }

  public void add(PendingTask task) {
    openCalls.addAndGet(task.left());
    tasks.add(task);
  }

  /** Returns the pending task with this call; null if there is none. */
  public @Nullable PendingTask find(long number) {
    return tasks.find(number);
  }

  /**
   * Returns the first pending task with a call from {@code first} to {@code last}; null if there is
   * none.
   */
  public @Nullable PendingTask findFirst(long first, long last) {
    return tasks.findFirst(first, last);
  }

  /** Number of calls that are sent or about to be sent and have not ended. */
  public long openCalls() {
    return openCalls.get();
  }

  public boolean isEmpty() {
    return openCalls() == 0;
  }

  public void forEach(Consumer<PendingTask> action) {
    tasks.forEach(action);
  }

  /**
   * Ends the task's calls {@code from} to {@code to} (exclusive) with the lines that start at
   * {@code line}.
   */
  public void end(PendingTask task, int from, int to, Lines lines, int line) {
    if (task.endAll(from, to)) {
      try {
        task.receiver.outcomes(task.base + from, lines, line, line + to - from);
      } catch (RuntimeException | Error e) {
        for (int i = from; i < to; i++) {
          notTaken(task, i, e);
        }
      }
      ended(task, to - from);
      return;
    }
    for (int i = from; i < to; i++) {
      endOne(task, i, lines.get(line + i - from));
    }
  }

  /** Ends one call; returns false if it had already ended. */
  public boolean endOne(PendingTask task, int index, Payload line) {
    if (!task.tryEnd(index)) {
      return false;
    }
    try {
      task.receiver.outcome(task.base + index, line);
    } catch (RuntimeException | Error e) {
      notTaken(task, index, e);
    }
    ended(task, 1);
    return true;
  }

  /**
   * Last resort for a call that is marked as ended but whose receiver failed, usually because
   * memory ran out: the receiver gets a failure created in advance. While even that fails this
   * thread waits, which holds back results that would need more memory.
   */
  private static void notTaken(PendingTask task, int index, Throwable why) {
    Throwable latest = why;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        task.receiver.outcome(task.base + index, LocalOutcome.NO_ROOM);
        log.error("an outcome could not be delivered; its call fails", why);
        return;
      } catch (RuntimeException | Error e) {
        latest = e;
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
    log.error("an outcome could not be delivered, and its call could not be ended", latest);
  }

  /** Marks a call as ended without notifying its receiver, which already knows. */
  public void forget(PendingTask task, int index) {
    if (task.tryEnd(index)) {
      ended(task, 1);
    }
  }

  /** Ends all open calls of the task. */
  public void endRest(PendingTask task, Payload line) {
    for (int i = 0; i < task.count; i++) {
      endOne(task, i, line);
    }
  }

  private void ended(PendingTask task, int calls) {
    openCalls.addAndGet(-calls);
    if (task.leaveTable()) {
      tasks.remove(task);
      whenEnded.accept(task);
    } else if (task.isSplit() && task.left() > 0) {
      whenFewer.accept(task);
    }
  }
}

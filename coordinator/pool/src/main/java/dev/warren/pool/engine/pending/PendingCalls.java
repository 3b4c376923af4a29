package dev.warren.pool.engine.pending;

import dev.warren.json.Lines;
import dev.warren.pool.engine.meter.PoolMeters;
import dev.warren.task.Payload;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Owns every promise: all calls, by number, that are sent or about to be sent and have not ended.
 * The first outcome of a number wins; later ones are dropped. Thread-safe; calls receivers outside
 * any lock.
 */
public final class PendingCalls {
  private final TaskIndex tasks = new TaskIndex();
  private final AtomicLong openCalls = new AtomicLong();
  private final Consumer<PendingTask> whenEnded;
  private final Consumer<PendingTask> whenFewer;
  private final PoolMeters meters;

  /**
   * Creates an empty table.
   *
   * @param whenEnded receives each task when its last call has ended
   * @param whenFewer receives a split task when some of its calls have ended
   * @param meters count how calls end
   */
  public PendingCalls(
      Consumer<PendingTask> whenEnded, Consumer<PendingTask> whenFewer, PoolMeters meters) {
    this.whenEnded = whenEnded;
    this.whenFewer = whenFewer;
    this.meters = meters;
  }

  /**
   * Adds a task.
   *
   * @throws OutOfMemoryError if there is no memory for it; it is not in the table then
   */
  public void add(PendingTask task) {
    int calls = task.left();
    openCalls.addAndGet(calls);
    try {
      tasks.add(task);
    } catch (OutOfMemoryError e) {
      tasks.remove(task);
      openCalls.addAndGet(-calls);
      throw e;
    }
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
      meters.ended(lines, line, line + to - from);
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
    meters.ended(line);
    try {
      task.receiver.outcome(task.base + index, line);
    } catch (RuntimeException | Error e) {
      notTaken(task, index, e);
    }
    ended(task, 1);
    return true;
  }

  /** Last resort for a call that is marked as ended but whose receiver failed. */
  private static void notTaken(PendingTask task, int index, Throwable why) {
    LastResort.end(task.receiver, task.base + index, LocalOutcome.NO_ROOM, why);
  }

  /** Marks a cancelled call as ended without notifying its receiver, which already knows. */
  public void forget(PendingTask task, int index) {
    if (task.tryEnd(index)) {
      meters.cancelled();
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

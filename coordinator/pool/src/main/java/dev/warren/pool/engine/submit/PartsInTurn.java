package dev.warren.pool.engine.submit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.pool.engine.pending.PendingTask;
import dev.warren.wire.TaskMessage;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * For pools with a concurrency limit: sends the parts of an oversized task one at a time, because
 * the calls of one message run one after another. Thread-safe.
 */
public final class PartsInTurn {
  // the part in flight comes first
  @GuardedBy("this")
  private final Map<PendingTask, Deque<TaskMessage>> byTask = new HashMap<>();

  /** Replaces the part in flight, or the whole task, by two parts; the caller sends the first. */
  public synchronized void replace(PendingTask task, TaskMessage first, TaskMessage second) {
    Deque<TaskMessage> parts = byTask.computeIfAbsent(task, key -> new ArrayDeque<>());
    parts.poll();
    parts.addFirst(second);
    parts.addFirst(first);
    task.split();
  }

  /** Returns the part to send now that calls of the task have ended; null if none is due. */
  public synchronized @Nullable TaskMessage next(PendingTask task) {
    Deque<TaskMessage> parts = byTask.get(task);
    if (parts == null || anyOpen(task, parts.peek())) {
      return null;
    }
    do {
      parts.poll();
    } while (!parts.isEmpty() && !anyOpen(task, parts.peek()));
    if (parts.isEmpty()) {
      byTask.remove(task);
    }
    return parts.peek();
  }

  /** Forgets a task whose calls have all ended. */
  public synchronized void forget(PendingTask task) {
    byTask.remove(task);
  }

  private static boolean anyOpen(PendingTask task, @Nullable TaskMessage part) {
    boolean[] any = {false};
    if (part != null) {
      part.calls().forEach(number -> any[0] |= task.open((int) (number - task.first)));
    }
    return any[0];
  }
}

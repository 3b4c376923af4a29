package dev.warren.pool.engine;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.wire.TaskMessage;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Parts of tasks of a limited pool, whose broker found the whole too large: only one of a task is
 * under way, as the calls of one message would run, one after another. Thread-safe.
 */
final class PartsInTurn {
  // the part under way in front
  @GuardedBy("this")
  private final Map<Task, Deque<TaskMessage>> byTask = new HashMap<>();

  /** Has two parts stand for the one under way, or for the whole task; the first is to be sent. */
  synchronized void replace(Task task, TaskMessage first, TaskMessage second) {
    Deque<TaskMessage> parts = byTask.computeIfAbsent(task, key -> new ArrayDeque<>());
    parts.poll();
    parts.addFirst(second);
    parts.addFirst(first);
    task.inParts = true;
  }

  /** The part to send now that calls of the task have ended; null where it is no part's turn. */
  synchronized @Nullable TaskMessage next(Task task) {
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

  /** All its calls have ended. */
  synchronized void forget(Task task) {
    byTask.remove(task);
  }

  private static boolean anyOpen(Task task, @Nullable TaskMessage part) {
    boolean[] any = {false};
    if (part != null) {
      part.calls().forEach(number -> any[0] |= task.open((int) (number - task.first)));
    }
    return any[0];
  }
}

package dev.warren.pool.engine;

import dev.warren.cluster.WorkerRegistry;
import dev.warren.lifecycle.Logs;
import dev.warren.task.TaskContext;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;

/**
 * Warns once that a call waits, without a timeout, for calls of the pool that its own worker
 * serves. The call keeps its slot while it waits, and once all slots are occupied by such calls,
 * nothing can make progress. It is a warning, not a refusal, because with free slots such a wait
 * ends, and because the worker's pool is known only from its heartbeat, which may arrive after the
 * wait has begun. Thread-safe.
 */
final class NestedWaits {
  private static final Logger log = Logs.of(NestedWaits.class);

  private final String pool;
  private final WorkerRegistry registry;
  private final AtomicBoolean told = new AtomicBoolean();
  // by the child's name: calls that began to wait before their worker was known
  private final Map<String, TaskContext> undecided = new ConcurrentHashMap<>();

  NestedWaits(String pool, WorkerRegistry registry) {
    this.pool = pool;
    this.registry = registry;
  }

  /** A call begins to wait for a call of this pool. */
  void begin(TaskContext call) {
    if (!told.get()) {
      undecided.put(call.child(), call);
      look();
    }
  }

  /** Called when a worker may have been discovered. */
  void look() {
    undecided.forEach(
        (child, call) -> {
          if (registry.has(call.worker()) && told.compareAndSet(false, true)) {
            tell(child, call);
          }
        });
    if (told.get()) {
      undecided.clear();
    }
  }

  /** Also writes to the worker's log, because the child's program may have no logging. */
  private void tell(String child, TaskContext call) {
    String text =
        "a call in child "
            + child
            + " waits without a timeout for calls of pool "
            + pool
            + ", which this worker serves. It keeps its slot while it waits, one of "
            + registry.slots()
            + " known: once waiting calls occupy all of them, nothing can make progress. Use a"
            + " timeout, let the caller submit the follow-up call, or use a pool with"
            + " its own workers (logged once)";
    log.warn(text);
    call.log(text);
  }
}

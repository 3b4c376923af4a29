package dev.warren.pool.engine;

import dev.warren.lifecycle.Logs;
import dev.warren.task.TaskContext;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;

/**
 * Tells, once, that a call waits without a bound for calls of the very pool that its own worker
 * serves: it keeps its slot meanwhile, and once every slot is kept like that nothing goes on. It is
 * told and not refused, because with slots to spare such a wait ends; and because whose pool it is
 * shows only in the worker's heartbeat, which may come after the wait has begun. Thread-safe.
 */
final class NestedWaits {
  private static final Logger log = Logs.of(NestedWaits.class);

  private final String pool;
  private final Workforce workforce;
  private final AtomicBoolean told = new AtomicBoolean();
  // by their child's name: calls that have begun to wait before their worker was heard of
  private final Map<String, TaskContext> undecided = new ConcurrentHashMap<>();

  NestedWaits(String pool, Workforce workforce) {
    this.pool = pool;
    this.workforce = workforce;
  }

  /** A call begins such a wait for a call of this pool. */
  void begin(TaskContext call) {
    if (!told.get()) {
      undecided.put(call.child(), call);
      look();
    }
  }

  /** A worker may have been heard of. */
  void look() {
    undecided.forEach(
        (child, call) -> {
          if (workforce.has(call.worker()) && told.compareAndSet(false, true)) {
            tell(child, call);
          }
        });
    if (told.get()) {
      undecided.clear();
    }
  }

  /** Into the worker's log as well: the child's program may have no logging. */
  private void tell(String child, TaskContext call) {
    String text =
        "a call in child "
            + child
            + " waits without a timeout for calls of pool "
            + pool
            + ", which this very worker serves. It keeps its slot meanwhile, of "
            + workforce.slots()
            + " heard of: once calls that wait have taken all of them, nothing goes on. Wait with a"
            + " timeout, let the caller submit what comes next, or give those calls a pool with"
            + " workers of its own (told once)";
    log.warn(text);
    call.log(text);
  }
}

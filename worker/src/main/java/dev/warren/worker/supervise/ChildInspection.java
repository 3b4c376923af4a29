package dev.warren.worker.supervise;

import dev.warren.worker.config.KillReason;
import org.jspecify.annotations.Nullable;

/**
 * Looks at children now and then: recycles those that have reached a limit, and kills those that
 * take too long to start or to leave. Confined to the loop.
 */
final class ChildInspection {
  private static final long LEAVE_WITHIN_NANOS = 10_000_000_000L;
  private static final long START_WITHIN_NANOS = 60_000_000_000L;

  private final ChildRegistry registry;
  private final MemoryGuard memory;

  ChildInspection(ChildRegistry registry, MemoryGuard memory) {
    this.registry = registry;
    this.memory = memory;
  }

  /** Inspects all children. */
  void inspect(long now) {
    for (Child child : registry.copy()) {
      inspect(child, now);
    }
  }

  private void inspect(Child child, long now) {
    switch (child.state()) {
      case STARTING -> {
        if (child.sinceState(now) > START_WITHIN_NANOS) {
          child.kill(KillReason.NOT_STARTED, "did not start within 60 s");
        }
      }
      case READY -> {
        Recycling reason = child.recycling() == null ? limitReached(child, now) : null;
        if (reason != null) {
          registry.recycle(child, reason);
        }
      }
      case LEAVING -> {
        if (child.sinceState(now) > LEAVE_WITHIN_NANOS) {
          child.kill(KillReason.NOT_LEFT, "did not leave within 10 s");
        }
      }
      // an initializer has no time limit
      case BLANK, INITIALISING, GONE -> {}
    }
  }

  private @Nullable Recycling limitReached(Child child, long now) {
    Recycling reason = child.policyReason(now, 0);
    Recycling withMemory = reason == null ? child.policyReason(now, child.usage.memory()) : null;
    return withMemory != null && memory.mayReplace(child, now) ? withMemory : reason;
  }
}

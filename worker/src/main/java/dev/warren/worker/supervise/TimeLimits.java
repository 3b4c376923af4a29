package dev.warren.worker.supervise;

import dev.warren.lifecycle.EventLoop;
import dev.warren.task.FailureKind;
import dev.warren.task.RemoteFailure;
import dev.warren.worker.config.KillReason;
import dev.warren.worker.supervise.calls.CallsInHand;
import java.util.Map;

/**
 * Kills children whose call has exceeded its hard time limit. Checks every {@value #EVERY_MS} ms
 * while any call has a limit, and not at all otherwise. Confined to the loop.
 */
final class TimeLimits {
  private static final long EVERY_MS = 20;

  private final ChildRegistry registry;
  private final EventLoop loop;
  private final String host;
  private boolean watching;

  TimeLimits(ChildRegistry registry, EventLoop loop, String host) {
    this.registry = registry;
    this.loop = loop;
    this.host = host;
  }

  /** Starts the checks if any call has a limit. */
  void watch() {
    if (watching || !anyLimited()) {
      return;
    }
    watching = true;
    loop.after(
        EVERY_MS,
        () -> {
          watching = false;
          for (Child child : registry.copy()) {
            // an outcome that has arrived but is unread counts: check again after reading
            if (child.killing() == null
                && child.calls.overrun(loop.now()).isPresent()
                && child.readSome()) {
              child.calls.overrun(loop.now()).ifPresent(over -> end(child, over));
            }
          }
          watch();
        });
  }

  private boolean anyLimited() {
    for (Child child : registry.all()) {
      if (child.calls.limited()) {
        return true;
      }
    }
    return false;
  }

  private void end(Child child, CallsInHand.Overrun over) {
    long ran = over.ran().toMillis();
    long limit = over.limit().toMillis();
    String message = "exceeded its hard limit of " + limit + " ms; its child was killed";
    RemoteFailure failure =
        RemoteFailure.of(FailureKind.TIME_LIMIT, message, over.work().task().counts().attempt())
            .withWhere(child.where(host, loop.now()))
            .withStack(over.location())
            .withDetails(Map.of("limit", "hard", "limitMs", limit, "ranMs", ran));
    over.work().fail(over.index(), failure);
    child.killFor(over.work(), over.index(), KillReason.TIME_LIMIT, "hard time limit");
  }
}

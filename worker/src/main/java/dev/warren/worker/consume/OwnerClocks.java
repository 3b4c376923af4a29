package dev.warren.worker.consume;

import dev.warren.lifecycle.BoundedMap;
import dev.warren.lifecycle.TimeSource;
import dev.warren.wire.TaskMessage;
import org.jspecify.annotations.Nullable;

/**
 * What owners' clocks show, as far as can be told from here. Confined to the loop.
 *
 * <p>For maintainers: a message tells what its owner's clock showed when it was sent. The least
 * difference to our own clock seen so far is that between the clocks, and the shortest time that a
 * message was on its way. So an owner's clock shows what we take it to show, or a little more, and
 * a call is never taken to have expired too early; its owner, who measures by that very clock, has
 * the last word.
 */
final class OwnerClocks {
  private static final long BYTES = 1 << 20;

  private final TimeSource time;
  private final BoundedMap<String, Long> leastDifferences =
      BoundedMap.byUse(BYTES, (owner, least) -> BoundedMap.textBytes(owner) + Long.BYTES);

  OwnerClocks(TimeSource time) {
    this.time = time;
  }

  /** A message of an owner has come that tells what its clock showed. */
  void heard(String owner, long sentAtMillis) {
    long difference = time.steadyMillis() - sentAtMillis;
    Long least = leastDifferences.get(owner);
    if (least == null || difference < least) {
      leastDifferences.put(owner, difference);
    }
  }

  /** A task has come. */
  void came(TaskMessage task) {
    if (task.times().sentAtMillis() > 0) {
      heard(clock(task), task.times().sentAtMillis());
    }
  }

  /** Whether a task has expired by its owner's clock. */
  boolean hasExpired(TaskMessage task) {
    long expiry = task.times().expiresAtMillis();
    return expiry > 0 && now(task) >= expiry;
  }

  /** How long the calls of a task must still wait. */
  long delayMillis(TaskMessage task) {
    long notBefore = task.times().notBeforeMillis();
    return notBefore == 0 ? task.times().delayMillis() : notBefore - now(task);
  }

  private long now(TaskMessage task) {
    @Nullable Long least = leastDifferences.get(clock(task));
    return least == null ? time.epochMillis() : time.steadyMillis() - least;
  }

  /** Of a task that nobody waits for, the clock is known from it alone. */
  private static String clock(TaskMessage task) {
    String owner = task.owner();
    return owner == null ? task.id() : owner;
  }
}

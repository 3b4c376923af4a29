package dev.warren.worker.consume;

import dev.warren.lifecycle.BoundedMap;
import dev.warren.lifecycle.TimeSource;
import dev.warren.wire.Headers;
import dev.warren.wire.TaskMessage;
import dev.warren.wire.WireFormatException;
import org.jspecify.annotations.Nullable;

/**
 * Estimates what owners' clocks show. Confined to the loop.
 *
 * <p>For maintainers: a message says what its owner's clock showed when it was sent. The smallest
 * difference to our clock seen so far is the offset of the clocks plus the shortest transit time of
 * a message. So the estimate is the owner's time or slightly less, and a call never expires too
 * early. The owner decides in the end, by its own clock.
 */
final class OwnerClocks {
  private static final long BYTES = 1 << 20;

  private final TimeSource time;
  private final BoundedMap<String, Long> leastDifferences =
      BoundedMap.byUse(BYTES, (owner, least) -> BoundedMap.textBytes(owner) + Long.BYTES);

  OwnerClocks(TimeSource time) {
    this.time = time;
  }

  /** Records a message of an owner that says what its clock showed. */
  void heard(String owner, long sentAtMillis) {
    long difference = time.steadyMillis() - sentAtMillis;
    Long least = leastDifferences.get(owner);
    if (least == null || difference < least) {
      leastDifferences.put(owner, difference);
    }
  }

  /** Records an arrived task. */
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

  /** Milliseconds that the calls of a task must still wait. */
  long delayMillis(TaskMessage task) {
    long notBefore = task.times().notBeforeMillis();
    return notBefore == 0 ? task.times().delayMillis() : notBefore - now(task);
  }

  /**
   * Checks when the calls of a task may start.
   *
   * @throws WireFormatException if that is too far away
   */
  void checkStart(TaskMessage task) {
    if (delayMillis(task) > TaskMessage.LONGEST_DELAY_MS) {
      throw new WireFormatException(
          "header "
              + Headers.NOT_BEFORE_MS
              + " is "
              + task.times().notBeforeMillis()
              + "; must be within a year from now");
    }
  }

  private long now(TaskMessage task) {
    @Nullable Long least = leastDifferences.get(clock(task));
    return least == null ? time.epochMillis() : time.steadyMillis() - least;
  }

  /** The key of a task's clock. A task without an owner has only its own time stamp. */
  private static String clock(TaskMessage task) {
    String owner = task.owner();
    return owner == null ? task.id() : owner;
  }
}

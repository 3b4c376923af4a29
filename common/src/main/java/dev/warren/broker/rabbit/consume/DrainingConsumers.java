package dev.warren.broker.rabbit.consume;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Consumers that will be cancelled once nothing is in flight to them. Confined to the consuming
 * thread.
 *
 * <p>A quorum queue requeues messages that were in flight to a cancelled consumer and marks them as
 * redelivered, which looks to the next worker as if a host had been lost. So settlements are held
 * back until the consumer's prefetch is used up or nothing arrives any more.
 */
final class DrainingConsumers {
  private final Set<ConsumerChannel> resting = new LinkedHashSet<>();

  /**
   * Quiesces the intake, then runs {@code action}, which cancels the consumer. A later call
   * replaces the action.
   */
  void add(ConsumerChannel intake, Runnable action) {
    intake.rest(action);
    resting.add(intake);
  }

  /** Whether settlements of this intake are held back. */
  boolean contains(ConsumerChannel intake) {
    return resting.contains(intake);
  }

  void remove(ConsumerChannel intake) {
    resting.remove(intake);
  }

  /** Drops all actions; returns the affected intakes. */
  List<ConsumerChannel> breakOff() {
    List<ConsumerChannel> all = List.copyOf(resting);
    resting.clear();
    return all;
  }

  long nanosToNext(long now) {
    return resting.stream()
        .mapToLong(intake -> intake.restEnds() - now)
        .min()
        .orElse(Long.MAX_VALUE);
  }

  /**
   * Runs the actions of the quiesced intakes (of all intakes if {@code all}) and returns those
   * intakes; their settlements may be written now.
   */
  List<ConsumerChannel> endDue(long now, boolean all) {
    List<ConsumerChannel> due =
        resting.stream()
            .filter(intake -> all || intake.isFull() || intake.restEnds() - now <= 0)
            .toList();
    for (ConsumerChannel intake : due) {
      resting.remove(intake);
      intake.endRest();
    }
    return due;
  }
}

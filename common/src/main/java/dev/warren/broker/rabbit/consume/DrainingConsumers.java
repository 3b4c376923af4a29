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
  private final Set<ConsumerChannel> draining = new LinkedHashSet<>();

  /**
   * Quiesces the intake, then runs {@code action}, which cancels the consumer. A later call
   * replaces the action.
   */
  void add(ConsumerChannel intake, Runnable action) {
    intake.rest(action);
    draining.add(intake);
  }

  /** Whether settlements of this intake are held back. */
  boolean contains(ConsumerChannel intake) {
    return draining.contains(intake);
  }

  void remove(ConsumerChannel intake) {
    draining.remove(intake);
  }

  /** Drops all actions; returns the affected intakes. */
  List<ConsumerChannel> breakOff() {
    List<ConsumerChannel> all = List.copyOf(draining);
    draining.clear();
    return all;
  }

  long nanosToNext(long now) {
    return draining.stream()
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
        draining.stream()
            .filter(intake -> all || intake.isFull() || intake.restEnds() - now <= 0)
            .toList();
    for (ConsumerChannel intake : due) {
      draining.remove(intake);
      intake.endRest();
    }
    return due;
  }
}

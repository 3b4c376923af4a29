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
   * Quiesces the channel, then runs {@code action}, which cancels the consumer. A later call
   * replaces the action.
   */
  void add(ConsumerChannel consumerChannel, Runnable action) {
    consumerChannel.rest(action);
    draining.add(consumerChannel);
  }

  /** Whether settlements of this channel are held back. */
  boolean contains(ConsumerChannel consumerChannel) {
    return draining.contains(consumerChannel);
  }

  void remove(ConsumerChannel consumerChannel) {
    draining.remove(consumerChannel);
  }

  /** Drops all actions; returns the affected intakes. */
  List<ConsumerChannel> breakOff() {
    List<ConsumerChannel> all = List.copyOf(draining);
    draining.clear();
    return all;
  }

  long nanosToNext(long now) {
    return draining.stream()
        .mapToLong(consumerChannel -> consumerChannel.restEnds() - now)
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
            .filter(
                consumerChannel ->
                    all || consumerChannel.isFull() || consumerChannel.restEnds() - now <= 0)
            .toList();
    for (ConsumerChannel consumerChannel : due) {
      draining.remove(consumerChannel);
      consumerChannel.endRest();
    }
    return due;
  }
}

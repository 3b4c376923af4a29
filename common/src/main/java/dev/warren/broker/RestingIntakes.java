package dev.warren.broker;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Intakes whose consumer is to be cancelled once nothing is under way to it. Confined to the
 * consuming thread.
 *
 * <p>A quorum queue returns what it had sent to a consumer that is cancelled meanwhile, marked as
 * redelivered, which looks to the next worker as if a host had been lost. So settlements are held
 * back until the consumer has all that its prefetch allows, or nothing comes any more.
 */
final class RestingIntakes {
  private final Set<Intake> resting = new LinkedHashSet<>();

  /**
   * Runs {@code action}, which cancels the consumer, at rest; the last one for an intake counts.
   */
  void add(Intake intake, Runnable action) {
    intake.rest(action);
    resting.add(intake);
  }

  /** Whether its settlements are held back. */
  boolean contains(Intake intake) {
    return resting.contains(intake);
  }

  void remove(Intake intake) {
    resting.remove(intake);
  }

  /** Runs no action any more; says whose. */
  List<Intake> breakOff() {
    List<Intake> all = List.copyOf(resting);
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
   * Runs the actions of those that are at rest, of {@code all} even if they are not; says whose
   * settlements may be written now.
   */
  List<Intake> endDue(long now, boolean all) {
    List<Intake> due =
        resting.stream()
            .filter(intake -> all || intake.isFull() || intake.restEnds() - now <= 0)
            .toList();
    for (Intake intake : due) {
      resting.remove(intake);
      intake.endRest();
    }
    return due;
  }
}

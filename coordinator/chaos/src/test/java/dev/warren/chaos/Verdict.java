package dev.warren.chaos;

import dev.warren.testkit.RabbitVersion;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of one run of a scenario. Immutable.
 *
 * @param version the broker's; null for a {@code local:} pool
 * @param violations violated invariants; empty if all hold
 * @param toLastEnd from the fault to the last end of a call
 * @param calls how they ended, for the log
 * @param repeated calls that were started more than once
 * @param took duration of the whole run
 */
record Verdict(
    Scenario scenario,
    @Nullable RabbitVersion version,
    List<String> violations,
    Duration toLastEnd,
    String calls,
    long repeated,
    Duration took) {

  Verdict {
    violations = List.copyOf(violations);
  }

  boolean holds() {
    return violations.isEmpty();
  }

  /** Returns one line for the log. */
  @Override
  public String toString() {
    return "%s %-13s last end after %6.1f s, whole run %5.1f s, begun again %3d, %s: %s"
        .formatted(
            holds() ? "holds" : "FAILS",
            version == null ? "local" : version,
            toLastEnd.toMillis() / 1000.0,
            took.toMillis() / 1000.0,
            repeated,
            calls,
            scenario.name());
  }
}

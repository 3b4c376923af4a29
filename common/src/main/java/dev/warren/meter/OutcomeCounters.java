package dev.warren.meter;

import dev.warren.task.FailureKind;
import java.util.HashMap;
import java.util.Map;

/** Counts how calls ended. Thread-safe. */
public final class OutcomeCounters {
  private final Counter values;
  private final Counter failed;
  private final Map<String, Counter> failures = new HashMap<>();

  public OutcomeCounters(Meters meters) {
    values = meters.counter(CommonMeters.OUTCOMES, CommonMeters.VALUE);
    for (FailureKind kind : FailureKind.values()) {
      failures.put(kind.wire(), meters.counter(CommonMeters.OUTCOMES, kind.wire()));
    }
    failed = meters.counter(CommonMeters.OUTCOMES, FailureKind.FAILED.wire());
  }

  /** Calls ended with a value. */
  public void values(long calls) {
    values.add(calls);
  }

  /** A call ended with a failure of this kind. */
  public void ended(FailureKind kind) {
    ended(kind.wire());
  }

  /** A call ended with a failure; a kind that a newer worker has added counts as failed. */
  public void ended(String kind) {
    failures.getOrDefault(kind, failed).increment();
  }
}

package dev.warren.jobs.meter;

import dev.warren.jobs.store.JobState;
import dev.warren.meter.Label;
import dev.warren.meter.Meter;
import java.util.List;

/** Definitions of the meters that only coordinators of jobs have. */
public final class JobMeters {
  public static final Meter JOURNAL_COMMIT =
      Meter.histogram(
          "warren_journal_commit_seconds",
          "Time of a transaction that stores outcomes, from its begin until it is committed, repeated"
              + " tries included.",
          List.of(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0, 10.0));

  public static final Meter JOBS =
      Meter.gauge(
          "warren_jobs",
          "Jobs of this pool in the store, counted every 5 seconds.",
          Label.of("state", JobState.class));

  /** All of them. */
  public static final List<Meter> ALL = List.of(JOURNAL_COMMIT, JOBS);

  private JobMeters() {}
}

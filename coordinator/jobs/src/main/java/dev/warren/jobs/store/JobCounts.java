package dev.warren.jobs.store;

/**
 * Numbers of ended calls, or changes of these numbers. Immutable.
 *
 * @param succeeded calls that returned a value
 * @param failed calls that ended without a value, except cancelled ones
 * @param cancelled calls that were cancelled
 */
public record JobCounts(long succeeded, long failed, long cancelled) {
  public static final JobCounts ZERO = new JobCounts(0, 0, 0);

  /** Number of ended calls. */
  public long ended() {
    return succeeded + failed + cancelled;
  }

  public JobCounts plus(JobCounts other) {
    return new JobCounts(
        succeeded + other.succeeded, failed + other.failed, cancelled + other.cancelled);
  }
}

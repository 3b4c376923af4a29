package dev.warren.jobs.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that one transaction writes. Immutable.
 *
 * @param segments in order
 * @param published new position in the calls to run; -1 if unchanged
 * @param added ended calls, which may be negative for a retry
 * @param causes failures to add to the counts of their causes
 * @param statistics replace the stored ones; null for no change
 * @param change a change of state; null for none
 */
public record Commit(
    List<Segment> segments,
    long published,
    JobCounts added,
    List<CauseCount> causes,
    @Nullable JobStatistics statistics,
    @Nullable Change change) {

  /** A commit that leaves the statistics as they are. */
  public Commit(
      List<Segment> segments,
      long published,
      JobCounts added,
      List<CauseCount> causes,
      @Nullable Change change) {
    this(segments, published, added, causes, null, change);
  }

  /**
   * A change of the job's state, which also does away with the request that led to it.
   *
   * @param who who asked for it, for the audit trail
   */
  public record Change(JobState state, int round, String who) {}
}

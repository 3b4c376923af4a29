package dev.warren.jobs.store;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is known of the calls of a job besides their outcomes; for people, and up to some seconds
 * old. Immutable.
 *
 * @param calls calls that each worker ran, by its id
 * @param failures failed calls, by fingerprint of the cause, then by worker
 * @param samples indexes of some failed calls, by fingerprint of the cause
 * @param hosts host names of workers, as far as they are known
 * @param times number of calls by the time they took: entry i counts those of about {@code 2^(i/4)}
 *     microseconds
 * @param children calls by the state of their children, as far as workers tell
 * @param failedChildren the same for failed calls, by fingerprint of the cause
 * @param retriedApart causes all of whose calls were retried while failures of others stayed, so
 *     that their new failures must not be compared with all calls
 */
public record JobStatistics(
    Map<String, Long> calls,
    Map<String, Map<String, Long>> failures,
    Map<String, List<Long>> samples,
    Map<String, String> hosts,
    List<Long> times,
    ChildCounts children,
    Map<String, ChildCounts> failedChildren,
    Set<String> retriedApart) {
  public static final JobStatistics NONE =
      new JobStatistics(Map.of(), Map.of(), Map.of(), Map.of(), List.of());

  private static final double STEPS_PER_OCTAVE = 4;

  /** Creates a copy; what an older version has not written is empty. */
  @SuppressWarnings({"ConstantValue", "RedundantNullCheck"}) // JSON may lack anything
  public JobStatistics {
    calls = calls == null ? Map.of() : Map.copyOf(calls);
    failures = failures == null ? Map.of() : Map.copyOf(failures);
    samples = samples == null ? Map.of() : Map.copyOf(samples);
    hosts = hosts == null ? Map.of() : Map.copyOf(hosts);
    times = times == null ? List.of() : List.copyOf(times);
    children = children == null ? ChildCounts.NONE : children;
    failedChildren = failedChildren == null ? Map.of() : Map.copyOf(failedChildren);
    retriedApart = retriedApart == null ? Set.of() : Set.copyOf(retriedApart);
  }

  /** Statistics without the states of children. */
  public JobStatistics(
      Map<String, Long> calls,
      Map<String, Map<String, Long>> failures,
      Map<String, List<Long>> samples,
      Map<String, String> hosts,
      List<Long> times) {
    this(calls, failures, samples, hosts, times, ChildCounts.NONE, Map.of(), Set.of());
  }

  /**
   * What remains when calls are retried: the failures of these causes count no more.
   *
   * @param causes those of which no failure remains
   * @param all whether no failure of the job remains; then the calls are counted from 0, too
   */
  public JobStatistics retried(Set<String> causes, boolean all) {
    Set<String> apart = new HashSet<>(all ? Set.of() : retriedApart);
    apart.addAll(all ? Set.of() : causes);
    return new JobStatistics(
        all ? Map.of() : calls,
        without(failures, causes),
        without(samples, causes),
        hosts,
        times,
        all ? ChildCounts.NONE : children,
        without(failedChildren, causes),
        apart);
  }

  private static <V> Map<String, V> without(Map<String, V> map, Set<String> keys) {
    Map<String, V> rest = new HashMap<>(map);
    rest.keySet().removeAll(keys);
    return rest;
  }

  /** Entry of {@link #times} for this time. */
  public static int step(double micros) {
    return (int) Math.round(STEPS_PER_OCTAVE * Math.log(Math.max(1, micros)) / Math.log(2));
  }

  /** The time, in milliseconds, that this share of the calls did not exceed; 0 if unknown. */
  public double quantileMillis(double share) {
    long all = times.stream().mapToLong(Long::longValue).sum();
    long left = (long) Math.ceil(share * all);
    for (int i = 0; i < times.size(); i++) {
      left -= times.get(i);
      if (left <= 0 && all > 0) {
        return Math.pow(2, i / STEPS_PER_OCTAVE) / 1000;
      }
    }
    return 0;
  }

  /**
   * Calls by the state of the child that ran them. Each map counts, by the least number of a step,
   * the calls whose number is in that step; calls whose number is unknown are in none. Immutable.
   *
   * @param ageSeconds by the age of the child
   * @param callsBefore by the number of calls that the child had ended before
   * @param mebibytes by the resident memory of the child and its descendants
   */
  public record ChildCounts(
      Map<Long, Long> ageSeconds, Map<Long, Long> callsBefore, Map<Long, Long> mebibytes) {
    public static final ChildCounts NONE = new ChildCounts(Map.of(), Map.of(), Map.of());

    /** Creates a copy; what another version has not written is empty. */
    @SuppressWarnings({"ConstantValue", "RedundantNullCheck"}) // JSON may lack anything
    public ChildCounts {
      ageSeconds = ageSeconds == null ? Map.of() : Map.copyOf(ageSeconds);
      callsBefore = callsBefore == null ? Map.of() : Map.copyOf(callsBefore);
      mebibytes = mebibytes == null ? Map.of() : Map.copyOf(mebibytes);
    }
  }
}

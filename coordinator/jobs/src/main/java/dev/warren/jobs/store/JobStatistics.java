package dev.warren.jobs.store;

import java.util.List;
import java.util.Map;

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
 */
public record JobStatistics(
    Map<String, Long> calls,
    Map<String, Map<String, Long>> failures,
    Map<String, List<Long>> samples,
    Map<String, String> hosts,
    List<Long> times) {
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
}

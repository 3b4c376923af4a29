package dev.warren.service.board;

import dev.warren.jobs.store.JobStatistics;
import dev.warren.service.workers.WorkerState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What is different about the failures of one cause: hosts on which they happen far more often than
 * their share of the calls would make one expect. Stateless.
 */
final class Contrast {
  private static final int MIN_FAILURES = 5;
  private static final double MIN_SHARE = 0.5;
  private static final double MIN_RATIO = 2;

  private final JobStatistics statistics;
  private final Map<String, String> hosts;

  Contrast(JobStatistics statistics, List<WorkerState> workers) {
    this.statistics = statistics;
    this.hosts = new HashMap<>(statistics.hosts());
    workers.forEach(worker -> hosts.put(worker.id(), worker.host()));
  }

  /** Sentences about the failures of a cause; none if nothing is remarkable. */
  List<String> of(String cause) {
    Map<String, Long> failures = byHost(statistics.failures().getOrDefault(cause, Map.of()));
    Map<String, Long> calls = byHost(statistics.calls());
    long all = sum(failures);
    long ran = sum(calls);
    if (all < MIN_FAILURES || ran == 0 || calls.size() < 2) {
      return List.of();
    }
    return failures.entrySet().stream()
        .filter(host -> (double) host.getValue() / all >= MIN_SHARE)
        .filter(
            host ->
                (double) host.getValue() / all
                    >= MIN_RATIO * calls.getOrDefault(host.getKey(), 0L) / ran)
        .map(
            host ->
                percent(host.getValue(), all)
                    + " on "
                    + host.getKey()
                    + ", which ran "
                    + percent(calls.getOrDefault(host.getKey(), 0L), ran)
                    + " of the calls")
        .toList();
  }

  private Map<String, Long> byHost(Map<String, Long> byWorker) {
    Map<String, Long> byHost = new HashMap<>();
    byWorker.forEach(
        (worker, count) -> byHost.merge(hosts.getOrDefault(worker, worker), count, Long::sum));
    return byHost;
  }

  private static long sum(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  private static String percent(long part, long whole) {
    return Math.round(100.0 * part / whole) + " %";
  }
}

package dev.warren.service.board;

import dev.warren.jobs.store.JobStatistics;
import dev.warren.jobs.store.JobStatistics.ChildCounts;
import dev.warren.service.workers.WorkerState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What is different about the failures of one cause: hosts, or states of children, in which they
 * happen far more often than their share of the calls would make one expect ({@link Share}). Calls
 * of whose child nothing is known count against what is found. Stateless.
 */
final class Contrast {
  private final JobStatistics statistics;
  private final Map<String, String> hosts;
  private final Map<String, Long> callsByHost;
  private final long calls;

  Contrast(JobStatistics statistics, List<WorkerState> workers) {
    this.statistics = statistics;
    this.hosts = new HashMap<>(statistics.hosts());
    workers.forEach(worker -> hosts.put(worker.id(), worker.host()));
    this.callsByHost = byHost(statistics.calls());
    this.calls = sum(callsByHost);
  }

  /** Sentences about the failures of a cause, most telling first; none if nothing is remarkable. */
  List<String> of(String cause) {
    Map<String, Long> failures = byHost(statistics.failures().getOrDefault(cause, Map.of()));
    if (calls == 0 || statistics.retriedApart().contains(cause)) {
      return List.of();
    }
    long failed = sum(failures);
    ChildCounts of = statistics.failedChildren().getOrDefault(cause, ChildCounts.NONE);
    ChildCounts all = statistics.children();
    List<Share> found = new ArrayList<>(onHosts(failures, failed));
    Stream.of(
            ChildNumber.AGE.best(of.ageSeconds(), failed, all.ageSeconds(), calls),
            ChildNumber.CALLS.best(of.callsBefore(), failed, all.callsBefore(), calls),
            ChildNumber.MEMORY.best(of.mebibytes(), failed, all.mebibytes(), calls))
        .filter(Objects::nonNull)
        .forEach(found::add);
    return found.stream()
        .sorted(Comparator.comparingDouble(Share::weight).reversed())
        .map(Share::text)
        .toList();
  }

  private List<Share> onHosts(Map<String, Long> failures, long failed) {
    if (callsByHost.size() < 2) {
      return List.of();
    }
    return failures.entrySet().stream()
        .map(
            host ->
                new Share(
                    "on " + host.getKey() + ", which ran",
                    "of the calls",
                    host.getValue(),
                    callsByHost.getOrDefault(host.getKey(), 0L),
                    new Share.Whole(failed, 0, calls, 0)))
        .filter(share -> share.isRemarkable(callsByHost.size()))
        .toList();
  }

  private Map<String, Long> byHost(Map<String, Long> byWorker) {
    Map<String, Long> byHost = new HashMap<>();
    byWorker.forEach(
        (worker, count) -> byHost.merge(hosts.getOrDefault(worker, worker), count, Long::sum));
    return byHost;
  }

  private static long sum(Map<?, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }
}

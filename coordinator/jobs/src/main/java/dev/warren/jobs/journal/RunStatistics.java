package dev.warren.jobs.journal;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.warren.jobs.store.JobStatistics;
import dev.warren.jobs.store.JobStatistics.ChildCounts;
import dev.warren.pool.engine.pending.RanBy;
import dev.warren.wire.child.ChildState;
import dev.warren.wire.child.ChildStates;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Collects what is known of a job's calls besides their outcomes, in bounded memory. Threads of the
 * broker report what ran, the journal's thread what failed and when to store it. Thread-safe.
 */
public final class RunStatistics {
  /** Maximum number of workers, and of causes, that are told apart. */
  static final int MAX = 1000;

  /** Maximum number of counts by states of children, of all causes together. */
  static final int MAX_CHILD_COUNTS = 20_000;

  private static final long STORE_NANOS = Duration.ofSeconds(5).toNanos();
  private static final int STEPS = 200;

  /** Number of sample calls of each cause. */
  private static final int SAMPLES = 5;

  @GuardedBy("this")
  private final Map<String, Long> calls = new HashMap<>();

  @GuardedBy("this")
  private final Map<String, Map<String, Long>> failures = new HashMap<>();

  @GuardedBy("this")
  private final Map<String, List<Long>> samples = new HashMap<>();

  @GuardedBy("this")
  private final Map<String, String> hosts = new HashMap<>();

  @GuardedBy("this")
  private final long[] times = new long[STEPS];

  @GuardedBy("this")
  private final ChildTally children;

  @GuardedBy("this")
  private final Map<String, ChildTally> failedChildren = new HashMap<>();

  // sizes of the tallies of all causes
  @GuardedBy("this")
  private int childCounts;

  private final Set<String> retriedApart;

  @GuardedBy("this")
  private boolean changed;

  @GuardedBy("this")
  private long storedNanos;

  /** Goes on with what was stored. */
  public RunStatistics(JobStatistics stored, long nowNanos) {
    calls.putAll(stored.calls());
    stored.failures().forEach((cause, workers) -> failures.put(cause, new HashMap<>(workers)));
    stored.samples().forEach((cause, indexes) -> samples.put(cause, new ArrayList<>(indexes)));
    hosts.putAll(stored.hosts());
    for (int i = 0; i < Math.min(STEPS, stored.times().size()); i++) {
      times[i] = stored.times().get(i);
    }
    children = new ChildTally(stored.children());
    stored.failedChildren().forEach((cause, counts) -> enter(cause, new ChildTally(counts)));
    retriedApart = stored.retriedApart();
    storedNanos = nowNanos;
  }

  @GuardedBy("this")
  private void enter(String cause, ChildTally tally) {
    failedChildren.put(cause, tally);
    childCounts += tally.size();
  }

  /** A worker has run calls. */
  public synchronized void ran(RanBy by, int count) {
    add(calls, by.worker(), count);
    times[Math.min(STEPS - 1, JobStatistics.step(by.microsPerCall()))] += count;
    tally(by.children(), children);
    changed = true;
  }

  private static void tally(ChildStates states, ChildTally tally) {
    states.forEach((some, state) -> tally.add(state, some, false));
  }

  /** A worker runs on this host. */
  synchronized void host(String worker, String host) {
    if (!worker.isEmpty() && hosts.size() < MAX) {
      hosts.put(worker, host);
    }
  }

  /**
   * The call of the line {@code index} has failed.
   *
   * @param worker the worker that ran it; empty if none is known
   * @param child the state of its child
   */
  synchronized void failed(String cause, long index, String worker, ChildState child) {
    changed = true;
    addSample(cause, index);
    if (worker.isEmpty() || (failures.size() >= MAX && !failures.containsKey(cause))) {
      return;
    }
    add(failures.computeIfAbsent(cause, any -> new HashMap<>()), worker, 1);
    addChild(cause, child);
  }

  @GuardedBy("this")
  private void addChild(String cause, ChildState child) {
    ChildTally tally = failedChildren.get(cause);
    if (tally == null && !child.equals(ChildState.UNKNOWN) && childCounts < MAX_CHILD_COUNTS) {
      tally = new ChildTally(ChildCounts.NONE);
      enter(cause, tally);
    }
    if (tally != null) {
      int before = tally.size();
      tally.add(child, 1, childCounts >= MAX_CHILD_COUNTS);
      childCounts += tally.size() - before;
    }
  }

  @GuardedBy("this")
  private void addSample(String cause, long index) {
    if (samples.size() < MAX || samples.containsKey(cause)) {
      List<Long> indexes = samples.computeIfAbsent(cause, any -> new ArrayList<>());
      if (indexes.size() < SAMPLES && !indexes.contains(index)) {
        indexes.add(index);
      }
    }
  }

  private static void add(Map<String, Long> counts, String key, long count) {
    if (counts.size() < MAX || counts.containsKey(key)) {
      counts.merge(key, count, Long::sum);
    }
  }

  /**
   * What should be stored now; null if nothing has changed, or something was stored just before.
   *
   * @param atOnce whether it should be stored however lately something was
   */
  synchronized @Nullable JobStatistics takeIfDue(long nowNanos, boolean atOnce) {
    if (!changed || (!atOnce && nowNanos - storedNanos < STORE_NANOS)) {
      return null;
    }
    changed = false;
    storedNanos = nowNanos;
    List<Long> counts = new ArrayList<>();
    for (long count : times) {
      counts.add(count);
    }
    Map<String, Map<String, Long>> copies = new HashMap<>();
    failures.forEach((cause, workers) -> copies.put(cause, Map.copyOf(workers)));
    Map<String, List<Long>> indexes = new HashMap<>();
    samples.forEach((cause, some) -> indexes.put(cause, List.copyOf(some)));
    Map<String, ChildCounts> failed = new HashMap<>();
    failedChildren.forEach((cause, tally) -> failed.put(cause, tally.counts()));
    return new JobStatistics(
        calls, copies, indexes, hosts, counts, children.counts(), failed, retriedApart);
  }
}

package dev.warren.bench.measure;

import dev.warren.bench.harness.PoolWork;
import dev.warren.bench.harness.Sampler;
import dev.warren.bench.harness.Site;
import dev.warren.bench.harness.Stats;
import dev.warren.bench.harness.Target;
import dev.warren.bench.harness.Work;
import dev.warren.pool.Pool;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A pool whose children live for a few calls. Besides throughput, for children of one call: the
 * latency of a call with {@value #GAP_MS} ms between calls, with and without recycling; the spare
 * should hide the difference.
 */
final class RecycleSampler implements Sampler {
  private static final String WITHOUT = "p99 without recycling, with idle gaps";

  private static final int GAP_MS = 200;

  /** Number of calls of each kind: enough for the third worst of them to be the p99. */
  private static final int GAPS = 300;

  private final Pool pool;
  private final Site site;
  private final int everyCalls;
  private final int calls;
  private final List<Target.Verdict> verdicts = new ArrayList<>();

  RecycleSampler(Site site, int everyCalls, int calls) {
    this.pool = Pool.builder().maxTasksPerChild(everyCalls).open();
    this.site = site;
    this.everyCalls = everyCalls;
    this.calls = calls;
  }

  @Override
  public double sample() {
    return PoolWork.map(pool, calls, 1);
  }

  @Override
  public Map<String, Object> notes() {
    if (everyCalls > 1) {
      return Map.of();
    }
    Map<String, Object> notes = new LinkedHashMap<>();
    try (Pool usual = Pool.open()) {
      usual.apply(Work::same, 0);
      List<Double> recycled = new ArrayList<>();
      List<Double> kept = new ArrayList<>();
      for (int i = 0; i < site.work(GAPS); i++) {
        recycled.add(afterPause(pool));
        kept.add(afterPause(usual));
      }
      Stats with = new Stats(recycled);
      Stats without = new Stats(kept);
      notes.put("idle gap ms", GAP_MS);
      notes.put("p50 us with recycling", with.median());
      notes.put("p99 us with recycling", with.quantile(0.99));
      notes.put("p50 us without", without.median());
      notes.put("p99 us without", without.quantile(0.99));
      Stats p99 = new Stats(List.of(without.quantile(0.99)));
      verdicts.add(Target.atMost(2, WITHOUT).judge(with.quantile(0.99), Map.of(WITHOUT, p99)));
    }
    return notes;
  }

  /** Microseconds of a call; the two pools take turns, so that each has had the whole gap. */
  private static double afterPause(Pool measured) {
    Work.idle(GAP_MS / 2);
    long start = System.nanoTime();
    measured.apply(Work::same, 0);
    return (System.nanoTime() - start) / 1e3;
  }

  @Override
  public List<Target.Verdict> verdicts() {
    return verdicts;
  }

  @Override
  public void close() {
    pool.close();
  }
}

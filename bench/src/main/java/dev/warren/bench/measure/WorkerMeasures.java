package dev.warren.bench.measure;

import dev.warren.bench.harness.Measure;
import dev.warren.bench.harness.PoolWork;
import dev.warren.bench.harness.Processes;
import dev.warren.bench.harness.Sampler;
import dev.warren.bench.harness.Site;
import dev.warren.bench.harness.Stats;
import dev.warren.bench.harness.Target;
import dev.warren.bench.harness.Work;
import dev.warren.pool.Pool;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Measures of a supervisor with many children. */
public final class WorkerMeasures {
  private static final int MANY = 64;
  private static final int FEW = 2;
  private static final int IDLE_SECONDS = 10;

  /** Warm-up: 64 JVMs on two processors need this long, and more, to compile their code. */
  private static final int WARM_SECONDS = 150;

  private static final int ROUNDS = 5;

  private WorkerMeasures() {}

  public static List<Measure> all() {
    return List.of(
        Measure.of("worker.idle", "%", 1, site -> () -> idle(site)).target(Target.atMost(1)),
        Measure.of("worker.children_64", "%", 1, Many::new).target(Target.atLeast(90)));
  }

  /** Percentage of a processor that a supervisor of 64 idle children uses. */
  private static double idle(Site site) throws IOException, InterruptedException {
    try (Cluster cluster = Cluster.start(site, 1, MANY)) {
      WorkerProcess worker = cluster.firstWorker();
      awaitQuiet(worker);
      double before = Processes.processorSeconds(worker.pid());
      Work.idle(IDLE_SECONDS * 1000);
      return 100 * (Processes.processorSeconds(worker.pid()) - before) / IDLE_SECONDS;
    }
  }

  /** Waits until all children exist and are idle. */
  private static void awaitQuiet(WorkerProcess worker) {
    long end = System.nanoTime() + 90_000_000_000L;
    double used = -1;
    while (System.nanoTime() < end) {
      Work.idle(1000);
      List<ProcessHandle> children = worker.children();
      double now = Processes.processorSeconds(children);
      if (children.size() > MANY && now - used < 0.1) {
        return;
      }
      used = now;
    }
    throw new IllegalStateException("64 children and a spare were not idle within 90 s");
  }

  /**
   * Throughput of each of 64 slots with calls that wait a millisecond, in percent of the throughput
   * of each of 2 slots.
   */
  private static final class Many implements Sampler {
    private final Site site;
    private final Map<String, Object> notes = new LinkedHashMap<>();

    private Many(Site site) {
      this.site = site;
    }

    @Override
    public double sample() {
      double few = perSlot(FEW, WARM_SECONDS / 10);
      double many = perSlot(MANY, WARM_SECONDS);
      notes.put("calls/s per slot of 2", few);
      notes.put("calls/s per slot of 64", many);
      return 100 * many / few;
    }

    private double perSlot(int slots, int warmSeconds) {
      int calls = site.work(slots * 1000);
      try (Pool pool = Pool.builder().processes(slots).open()) {
        // until each slot has its child, and call times are known
        pool.map(Work::idle, Collections.nCopies(slots * 4, 100), 1);
        long warm = System.nanoTime() + site.work(warmSeconds) * 1_000_000_000L;
        while (System.nanoTime() < warm) {
          perSecond(pool, calls);
        }
        List<Double> rounds = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
          rounds.add(perSecond(pool, calls));
        }
        return new Stats(rounds).median() / slots;
      }
    }

    private static double perSecond(Pool pool, int calls) {
      long start = System.nanoTime();
      pool.map(Work::idle, Collections.nCopies(calls, 1));
      return PoolWork.perSecond(calls, start);
    }

    @Override
    public Map<String, Object> notes() {
      return notes;
    }
  }
}

package dev.warren.bench.measure;

import dev.warren.bench.ceiling.BareJvms;
import dev.warren.bench.ceiling.BareLink;
import dev.warren.bench.harness.Measure;
import dev.warren.bench.harness.PeerProcess;
import dev.warren.bench.harness.PoolWork;
import dev.warren.bench.harness.Sampler;
import dev.warren.bench.harness.Site;
import dev.warren.bench.harness.Target;
import dev.warren.pool.Pool;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * Measures on this machine without a broker, compared with CPython's {@code multiprocessing.Pool}.
 */
public final class LocalMeasures {
  static final String FORK = "cpython-fork";
  static final String SPAWN = "cpython-spawn";

  private static final int MANY = 1_000_000;

  private static final int ROUNDS = 5;

  /** For rounds of about a tenth of a second. */
  private static final int SHORT_ROUNDS = 15;

  private LocalMeasures() {}

  public static List<Measure> all() {
    return List.of(
        pool("map.default", "calls/s", SHORT_ROUNDS, MANY, (pool, n) -> PoolWork.map(pool, n, 0))
            .peer("warren-g1", site -> MapProcess.withG1(site, MANY))
            .target(Target.atLeast(1, FORK)),
        pool("map.chunk1", "calls/s", 100_000, (pool, n) -> PoolWork.map(pool, n, 1))
            .target(Target.atLeast(5, FORK)),
        pool("imap_unordered.chunk1", "calls/s", 100_000, PoolWork::imapUnordered)
            .target(Target.atLeast(5, FORK)),
        pool("apply_async", "calls/s", 100_000, PoolWork::applyAsync)
            .target(Target.atLeast(8, FORK)),
        pool("apply.roundtrip_p50", "us", 3000, PoolWork::roundtrip)
            .peer("bare-link", BareLink::open)
            .target(Target.atMost(0.2, FORK)),
        pool("map.1ms.chunk1", "%", 4000, PoolWork::busyShare).target(Target.atLeast(96)),
        recycling("recycle.every_call", 1, 60).target(Target.atLeast(1, SPAWN)),
        recycling("recycle.every_100", 100, 6000).target(Target.atLeast(2, SPAWN)));
  }

  private static Measure pool(
      String name, String unit, int calls, BiFunction<Pool, Integer, Double> work) {
    return pool(name, unit, ROUNDS, calls, work);
  }

  private static Measure pool(
      String name, String unit, int rounds, int calls, BiFunction<Pool, Integer, Double> work) {
    Measure measure =
        Measure.of("local." + name, unit, rounds, site -> new PoolSampler(site.work(calls), work));
    return withPython(measure, name);
  }

  private static Measure recycling(String name, int everyCalls, int calls) {
    Measure measure =
        Measure.of(
            "local." + name, "calls/s", 3, site -> new RecycleSampler(site, everyCalls, calls));
    return withPython(measure, name).peer("bare-jvms", site -> new BareJvms(site, everyCalls));
  }

  private static Measure withPython(Measure measure, String scenario) {
    return measure
        .peer(FORK, site -> python(site, "fork", scenario))
        .peer(SPAWN, site -> python(site, "spawn", scenario));
  }

  private static Sampler python(Site site, String method, String scenario)
      throws IOException, InterruptedException {
    String script = site.peer("multiprocessing_pool.py").toString();
    return PeerProcess.start(Map.of(), Site.python(), script, method, scenario);
  }

  /** A pool that stays open during all rounds. */
  private static final class PoolSampler implements Sampler {
    private final Pool pool = Pool.open();
    private final int calls;
    private final BiFunction<Pool, Integer, Double> work;

    private PoolSampler(int calls, BiFunction<Pool, Integer, Double> work) {
      this.calls = calls;
      this.work = work;
    }

    @Override
    public double sample() {
      return work.apply(pool, calls);
    }

    @Override
    public void close() {
      pool.close();
    }
  }
}

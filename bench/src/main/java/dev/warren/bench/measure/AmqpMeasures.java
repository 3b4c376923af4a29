package dev.warren.bench.measure;

import dev.warren.bench.ceiling.BareBroker;
import dev.warren.bench.ceiling.PerfTestCeiling;
import dev.warren.bench.harness.Measure;
import dev.warren.bench.harness.PeerProcess;
import dev.warren.bench.harness.PoolWork;
import dev.warren.bench.harness.Sampler;
import dev.warren.bench.harness.Site;
import dev.warren.bench.harness.Target;
import dev.warren.pool.Pool;
import dev.warren.task.TaskOptions;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** Measures over a private RabbitMQ, next to Celery and to the broker's own maximum. */
public final class AmqpMeasures {
  static final String CELERY = "celery-default";
  static final String CELERY_SAFE = "celery-safe";
  static final String CEILING = "perftest-ceiling";

  private AmqpMeasures() {}

  public static List<Measure> all() {
    return List.of(
        celery("apply_async", pool("apply_async", "calls/s", 100_000, PoolWork::applyAsync))
            .target(Target.atLeast(100, CELERY_SAFE)),
        celery("apply_async", pool("single", "calls/s", 20_000, AmqpMeasures::single))
            .peer(CEILING, PerfTestCeiling::open)
            .target(
                Target.atLeast(0.8, CEILING),
                Target.atLeast(15, CELERY_SAFE),
                Target.atLeast(15, CELERY)),
        pool("map.default", "calls/s", 1_000_000, (pool, n) -> PoolWork.map(pool, n, 0))
            .target(Target.atLeast(1_000_000)),
        celery("roundtrip", pool("apply.roundtrip_p50", "us", 1000, PoolWork::roundtrip))
            .peer("bare-broker", BareBroker::open)
            .target(Target.atMost(0.5, CELERY)),
        Measure.of("amqp.map.skewed", "x", 3, SkewedSampler::open).target(Target.atMost(1.10)));
  }

  private static double single(Pool pool, int calls) {
    return PoolWork.applyAsync(pool.with(TaskOptions.builder().coalesce(false).build()), calls);
  }

  private static Measure pool(
      String name, String unit, int calls, BiFunction<Pool, Integer, Double> work) {
    return Measure.of(
        "amqp." + name, unit, 5, site -> new ClusterSampler(site, site.work(calls), work));
  }

  private static Measure celery(String scenario, Measure measure) {
    return measure
        .peer(CELERY, site -> celery(site, "default", scenario))
        .peer(CELERY_SAFE, site -> celery(site, "safe", scenario));
  }

  private static Sampler celery(Site site, String settings, String scenario)
      throws IOException, InterruptedException {
    Map<String, String> environment =
        Map.of("BENCH_BROKER", site.brokerUri(), "BENCH_SETTINGS", settings);
    String script = site.peer("celery_client.py").toString();
    return PeerProcess.start(environment, Site.python(), script, scenario);
  }

  /** A pool with one worker process that has a slot per processor. */
  private static final class ClusterSampler implements Sampler {
    private final Cluster cluster;
    private final int calls;
    private final BiFunction<Pool, Integer, Double> work;

    private ClusterSampler(Site site, int calls, BiFunction<Pool, Integer, Double> work)
        throws IOException, InterruptedException {
      this.cluster = Cluster.start(site, 1, Runtime.getRuntime().availableProcessors());
      this.calls = calls;
      this.work = work;
    }

    @Override
    public double sample() {
      return work.apply(cluster.pool(), calls);
    }

    @Override
    public void close() {
      cluster.close();
    }
  }
}

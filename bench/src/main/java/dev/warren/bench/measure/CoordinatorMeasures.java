package dev.warren.bench.measure;

import dev.warren.bench.harness.Measure;
import dev.warren.bench.harness.OwnProcess;
import dev.warren.bench.harness.Sampler;
import dev.warren.bench.harness.Site;
import dev.warren.bench.harness.Target;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Measures of the coordinator's memory. */
public final class CoordinatorMeasures {
  private static final int PENDING = 1_000_000;
  private static final int LONG_JOB = 10_000_000;

  private CoordinatorMeasures() {}

  public static List<Measure> all() {
    return List.of(
        Measure.of("coordinator.pending_1m", "B", 1, site -> () -> pending(site))
            .target(Target.atMost(300)),
        Measure.of("coordinator.imap_10m", "%", 1, Imap::new).target(Target.atLeast(80)));
  }

  private static double pending(Site site) throws IOException, InterruptedException {
    Map<String, String> set =
        Map.of(
            "BENCH_BROKER", site.brokerUri(),
            "BENCH_CALLS", String.valueOf(site.work(PENDING)));
    return OwnProcess.figure(site, PendingHeap.class, List.of("-XX:+UseSerialGC", "-Xmx2g"), set);
  }

  /** Throughput in a small heap, in percent of the throughput in a large one. */
  private static final class Imap implements Sampler {
    private final Site site;
    private final Map<String, Object> notes = new LinkedHashMap<>();

    private Imap(Site site) {
      this.site = site;
    }

    @Override
    public double sample() throws IOException, InterruptedException {
      double small = rate("-Xmx64m");
      double large = rate("-Xmx1g");
      notes.put("calls/s in -Xmx64m", small);
      notes.put("calls/s in -Xmx1g", large);
      return 100 * small / large;
    }

    private double rate(String heap) throws IOException, InterruptedException {
      Map<String, String> set = Map.of("BENCH_CALLS", String.valueOf(site.work(LONG_JOB)));
      return OwnProcess.figure(site, LongImap.class, List.of(heap), set);
    }

    @Override
    public Map<String, Object> notes() {
      return notes;
    }
  }
}

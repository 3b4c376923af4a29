package dev.warren.bench.measure;

import dev.warren.bench.harness.Measure;
import dev.warren.bench.harness.PeerProcess;
import dev.warren.bench.harness.Sampler;
import dev.warren.bench.harness.Site;
import dev.warren.bench.harness.Target;
import dev.warren.bench.harness.Work;
import dev.warren.broker.BrokerUri;
import dev.warren.pool.Pool;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A {@code map} of calls that sleep, with the worker or the coordinator far from the broker, in
 * percent of the slots' maximum without any delay. Names are {@code amqp.map.latency.<distant
 * side>.<one-way delay>.<time of a call>}.
 */
public final class LatencyMeasures {
  public static final String PREFIX = "amqp.map.latency";

  private static final int SLOTS = 4;
  private static final int USUAL_DELAY = 50;
  private static final List<Integer> DELAYS = List.of(0, 10, USUAL_DELAY);

  private LatencyMeasures() {}

  public static List<Measure> all() {
    List<Measure> all = new ArrayList<>();
    for (Far far : Far.values()) {
      for (int delay : DELAYS) {
        for (int call : List.of(50, 5)) {
          all.add(measure(far, delay, call));
        }
      }
    }
    return all;
  }

  /**
   * Whether a measure runs only if latency measures are requested explicitly; by default only one
   * delay is measured.
   */
  public static boolean onlyByName(Measure measure) {
    return measure.name().startsWith(PREFIX) && !measure.name().contains("." + USUAL_DELAY + "ms.");
  }

  private static Measure measure(Far far, int delay, int call) {
    String name =
        String.format(
            Locale.ROOT,
            "%s.%s.%dms.%dms",
            PREFIX,
            far.name().toLowerCase(Locale.ROOT),
            delay,
            call);
    double wanted = call >= 50 ? 90 : 70;
    return Measure.of(name, "%", 1, site -> Warren.open(site, far, delay, call))
        .peer(AmqpMeasures.CELERY, site -> Celery.open(site, far, delay, call, "default"))
        .peer(AmqpMeasures.CELERY_SAFE, site -> Celery.open(site, far, delay, call, "safe"))
        .peer("celery-tuned", site -> Celery.open(site, far, delay, call, "tuned"))
        .target(Target.atLeast(wanted));
  }

  /** Number of calls in a job that takes a few seconds, given the milliseconds of a call. */
  private static int jobSize(int call) {
    return call >= 50 ? 400 : 1600;
  }

  private static double percent(int calls, int call, double seconds) {
    return 100 * (double) calls * call / SLOTS / 1000 / seconds;
  }

  private static LatencyProxy newProxy(Site site, int delay)
      throws IOException, InterruptedException {
    int port = BrokerUri.parse(site.brokerUri()).hosts().get(0).port();
    return LatencyProxy.to(port, Duration.ofMillis(delay));
  }

  /** The broker's address for one side. */
  private static String uri(Site site, Far who, Far far, LatencyProxy proxy)
      throws InterruptedException {
    String near = site.brokerUri();
    int port = BrokerUri.parse(near).hosts().get(0).port();
    return who == far ? near.replace(":" + port, ":" + proxy.port()) : near;
  }

  private enum Far {
    WORKER,
    COORDINATOR
  }

  private static final class Warren implements Sampler {
    private final LatencyProxy proxy;
    private final Cluster cluster;
    private final int call;
    private final List<Integer> calls;
    private double seconds;

    private Warren(LatencyProxy proxy, Cluster cluster, int call, int calls) {
      this.proxy = proxy;
      this.cluster = cluster;
      this.call = call;
      this.calls = Collections.nCopies(calls, call);
    }

    static Warren open(Site site, Far far, int delay, int call)
        throws IOException, InterruptedException {
      LatencyProxy proxy = newProxy(site, delay);
      try {
        Cluster cluster =
            Cluster.start(
                site,
                uri(site, Far.COORDINATOR, far, proxy),
                uri(site, Far.WORKER, far, proxy),
                1,
                SLOTS);
        Warren warren = new Warren(proxy, cluster, call, site.work(jobSize(call)));
        // until call times are known and most of the code is compiled
        cluster.pool().map(Work::idle, warren.calls.subList(0, warren.calls.size() / 4));
        return warren;
      } catch (IOException | InterruptedException | RuntimeException e) {
        proxy.close();
        throw e;
      }
    }

    @Override
    public double sample() {
      Pool pool = cluster.pool();
      long start = System.nanoTime();
      pool.map(Work::idle, calls);
      seconds = (System.nanoTime() - start) / 1e9;
      return percent(calls.size(), call, seconds);
    }

    @Override
    public Map<String, Object> notes() {
      return Map.of("seconds", String.format(Locale.ROOT, "%.2f", seconds));
    }

    @Override
    public void close() {
      cluster.close();
      proxy.close();
    }
  }

  private record Celery(LatencyProxy proxy, PeerProcess process, int call, int calls)
      implements Sampler {
    static Celery open(Site site, Far far, int delay, int call, String settings)
        throws IOException, InterruptedException {
      LatencyProxy proxy = newProxy(site, delay);
      int calls = site.work(jobSize(call));
      Map<String, String> environment =
          Map.of(
              "BENCH_BROKER",
              uri(site, Far.COORDINATOR, far, proxy),
              "BENCH_WORKER_BROKER",
              uri(site, Far.WORKER, far, proxy),
              "BENCH_SETTINGS",
              settings,
              "BENCH_PROCESSES",
              String.valueOf(SLOTS),
              "BENCH_CALLS",
              String.valueOf(calls),
              "BENCH_MILLIS",
              String.valueOf(call));
      try {
        String script = site.peer("celery_client.py").toString();
        PeerProcess process = PeerProcess.start(environment, Site.python(), script, "sleeps");
        return new Celery(proxy, process, call, calls);
      } catch (IOException | RuntimeException e) {
        proxy.close();
        throw e;
      }
    }

    @Override
    public double sample() throws IOException {
      return percent(calls, call, process.sample());
    }

    @Override
    public void close() throws IOException {
      process.close();
      proxy.close();
    }
  }
}

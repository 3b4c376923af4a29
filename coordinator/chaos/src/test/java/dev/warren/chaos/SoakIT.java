package dev.warren.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.pool.Pool;
import dev.warren.pool.ResultIterator;
import dev.warren.testkit.RabbitVersion;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The same short work for a long time, with children recycled and connections cut throughout: the
 * resources of the coordinator, a worker and the broker must not grow. Bounded tables are filled
 * first, so that any growth after that is a leak. Run by {@code ./verify --soak} and {@code --all}.
 * Settings, as system properties: {@code warren.soak.minutes} (10), {@code warren.seed}.
 */
@Tag("stress")
class SoakIT {
  private static final int MINUTES = Integer.getInteger("warren.soak.minutes", 10);
  private static final int ITEMS = 2000;

  /** More tasks than a worker remembers as settled, so that this table is full. */
  private static final int TASKS = 60_000;

  @Test
  void nothing_grows() throws InterruptedException {
    long seed = ChaosIT.seed();
    RabbitVersion version =
        Stream.of(RabbitVersion.values()).filter(RabbitVersion::isThere).findFirst().orElseThrow();
    Run run = new Run(soak(), version, seed);
    System.out.printf("soak: %d min, seed %d, %s%n", MINUTES, seed, version);
    try (Server server = Server.start(version)) {
      run.play(server);
    }
    Verdict verdict = run.verdict().join();
    assertThat(verdict.violations()).as("seed %d: %s", seed, verdict).isEmpty();
  }

  private static Scenario soak() {
    return Scenario.named("short calls, recycling and reconnects go on and on")
        .within(Duration.ofMinutes(MINUTES + 5))
        .play(
            stage -> {
              stage.startWorkers(1);
              Pool pool = stage.openPool(builder -> builder.maxTasksPerChild(500));
              stage.awaitSlots(pool, 2);
              pool.map(Work::negated, IntStream.range(0, TASKS).boxed().toList(), 1);
              List<Sample> samples = new ArrayList<>();
              AtomicLong calls = new AtomicLong();
              long began = System.nanoTime();
              long end = began + Duration.ofMinutes(MINUTES).toNanos();
              while (System.nanoTime() < end) {
                work(pool, calls);
                stage.proxies().get(stage.random().nextInt(2)).cut();
                work(pool, calls); // across the reconnect
                if (System.nanoTime() - began >= samples.size() * 15_000_000_000L) {
                  stage.awaitSlots(pool, 2);
                  samples.add(Sample.take(stage));
                  System.out.printf(
                      "soak: %d calls, %s%n", calls.get(), samples.get(samples.size() - 1));
                }
              }
              assertFlat(samples);
            });
  }

  /** Submits calls in every way that the pool offers. */
  private static void work(Pool pool, AtomicLong calls) {
    List<Integer> items = IntStream.range(0, ITEMS).boxed().toList();
    assertThat(pool.map(Work::negated, items)).hasSize(ITEMS).startsWith(0, -1);
    long sum = 0;
    try (ResultIterator<Integer> results = pool.imapUnordered(Work::negated, items)) {
      while (results.hasNext()) {
        sum -= results.next();
      }
    }
    assertThat(sum).isEqualTo((long) ITEMS * (ITEMS - 1) / 2);
    for (int i = 0; i < 100; i++) {
      var cancelled = pool.applyAsync(Work::negated, i);
      if (i % 10 == 0) {
        cancelled.cancel(true);
      }
    }
    assertThat(pool.apply(Work::negated, 7)).isEqualTo(-7);
    calls.addAndGet(2 * ITEMS + 101);
  }

  /** The last third must look like the second; the first is for warming up. */
  private static void assertFlat(List<Sample> samples) {
    int third = samples.size() / 3;
    assertThat(third).as("samples in a third").isGreaterThanOrEqualTo(3);
    Sample middle = Sample.median(samples.subList(third, 2 * third));
    Sample last = Sample.median(samples.subList(2 * third, samples.size()));
    System.out.printf("soak: middle third %s%nsoak: last third   %s%n", middle, last);
    assertThat(last.heapKb()).as("heap").isLessThan(middle.heapKb() * 11 / 10 + 2000);
    assertThat(last.workerHeapKb())
        .as("worker's heap")
        .isLessThan(middle.workerHeapKb() * 11 / 10 + 2000);
    assertThat(last.threads()).as("threads").isLessThanOrEqualTo(middle.threads() + 2);
    assertThat(last.workerThreads())
        .as("worker's threads")
        .isLessThanOrEqualTo(middle.workerThreads() + 2);
    assertThat(last.files()).as("descriptors").isLessThanOrEqualTo(middle.files() + 2);
    assertThat(last.workerFiles())
        .as("worker's descriptors")
        .isLessThanOrEqualTo(middle.workerFiles() + 2);
    assertThat(last.queues()).as("queues").isEqualTo(middle.queues());
    assertThat(last.connections()).as("connections").isEqualTo(middle.connections());
  }

  /** Resources used at one moment, without garbage. */
  record Sample(
      long heapKb,
      long workerHeapKb,
      long threads,
      long workerThreads,
      long files,
      long workerFiles,
      long queues,
      long connections) {

    static Sample take(Stage stage) throws IOException, InterruptedException {
      long self = ProcessHandle.current().pid();
      long worker = stage.workers().get(0).pid();
      Server.Contents contents = stage.server().contents(stage.virtualHost());
      return new Sample(
          Processes.heapKb(self),
          Processes.heapKb(worker),
          Processes.threads(self),
          Processes.threads(worker),
          Processes.openFiles(self),
          Processes.openFiles(worker),
          contents.queues().size(),
          contents.connections());
    }

    static Sample median(List<Sample> samples) {
      return new Sample(
          median(samples.stream().mapToLong(Sample::heapKb)),
          median(samples.stream().mapToLong(Sample::workerHeapKb)),
          median(samples.stream().mapToLong(Sample::threads)),
          median(samples.stream().mapToLong(Sample::workerThreads)),
          median(samples.stream().mapToLong(Sample::files)),
          median(samples.stream().mapToLong(Sample::workerFiles)),
          median(samples.stream().mapToLong(Sample::queues)),
          median(samples.stream().mapToLong(Sample::connections)));
    }

    private static long median(java.util.stream.LongStream values) {
      long[] sorted = values.sorted().toArray();
      return sorted[sorted.length / 2];
    }
  }
}

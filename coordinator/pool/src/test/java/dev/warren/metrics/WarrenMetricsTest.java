package dev.warren.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.pool.Pool;
import dev.warren.task.ChildContext;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A pool's meters in a registry of Micrometer. */
@Timeout(60)
class WarrenMetricsTest {
  private static final List<Integer> HUNDRED = IntStream.range(0, 100).boxed().toList();
  private final MeterRegistry registry = new SimpleMeterRegistry();
  private final Pool pool =
      Pool.builder().processes(2).context(ChildContext.threads()).name("metered").open();

  @AfterEach
  void close() {
    pool.terminate();
    pool.close();
  }

  /** Fails for every tenth number. */
  public static int ninety(int number) {
    if (number % 10 == 0) {
      throw new IllegalArgumentException("on purpose");
    }
    return number;
  }

  private double counter(String name, String... tags) {
    return registry.get(name).tags(tags).functionCounter().count();
  }

  @Test
  void the_meters_tell_what_the_pool_has_done() {
    try (WarrenMetrics metrics = WarrenMetrics.bind(registry, pool)) {
      assertThat(metrics).isNotNull();
      pool.mapOutcomes(WarrenMetricsTest::ninety, HUNDRED, 1);
      assertThat(counter("warren.calls.submitted", "pool", "metered")).isEqualTo(100);
      assertThat(counter("warren.outcomes", "kind", "value")).isEqualTo(90);
      assertThat(counter("warren.outcomes", "kind", "failed")).isEqualTo(10);
      assertThat(counter("warren.attempts", "reason", "first")).isEqualTo(100);
      assertThat(counter("warren.child.starts", "why", "slot")).isEqualTo(2);
      assertThat(registry.get("warren.overhead").functionTimer().count()).isPositive();
      assertThat(
              registry
                  .get("warren.run")
                  .tag("fn", WarrenMetricsTest.class.getName() + "::ninety")
                  .functionTimer()
                  .count())
          .isEqualTo(100);
      assertThat(counter("warren.queue.wait.bucket", "le", "+Inf")).isEqualTo(100);
      assertThat(registry.get("warren.slots").gauges()).hasSize(3);
    }
  }

  /** Of docs/METRICS.md. */
  static final class Stats {
    static double score(String item) {
      return item.length();
    }
  }

  @Test
  @SuppressWarnings("try") // as in most programs, nothing is called on it
  void the_sample_of_the_page_about_metrics() {
    String broker = "local:";
    List<String> items = List.of("a", "bc");
    try (Pool pool = Pool.open(broker);
        WarrenMetrics metrics = WarrenMetrics.bind(registry, pool)) {
      List<Double> scores = pool.map(Stats::score, items);
      assertThat(scores).containsExactly(1.0, 2.0);
    }
    assertThat(registry.getMeters()).isEmpty();
  }

  @Test
  void two_hundred_recycled_children_add_no_meters() {
    try (Pool recycling =
            Pool.builder()
                .processes(2)
                .context(ChildContext.threads())
                .maxTasksPerChild(1)
                .name("recycling")
                .open();
        WarrenMetrics metrics = WarrenMetrics.bind(registry, recycling)) {
      assertThat(metrics).isNotNull();
      recycling.map(Math::abs, HUNDRED.subList(0, 2), 1);
      int before = registry.getMeters().size();
      recycling.map(Math::abs, HUNDRED, 1);
      recycling.map(Math::abs, HUNDRED, 1);
      assertThat(registry.get("warren.child.starts").functionCounters())
          .satisfies(
              starts ->
                  assertThat(starts.stream().mapToDouble(start -> start.count()).sum())
                      .isGreaterThanOrEqualTo(200));
      assertThat(registry.getMeters()).hasSize(before);
    }
  }

  @Test
  void closing_removes_the_meters_and_ends_the_registration_of_further_ones() {
    WarrenMetrics metrics = WarrenMetrics.bind(registry, pool);
    assertThat(registry.getMeters()).isNotEmpty();
    metrics.close();
    metrics.close();
    pool.map(Math::abs, HUNDRED);
    assertThat(registry.getMeters()).extracting(Meter::getId).isEmpty();
  }

  @Test
  void a_registry_that_is_bound_late_has_the_counts_from_the_beginning() {
    pool.map(Math::abs, HUNDRED);
    try (WarrenMetrics metrics = WarrenMetrics.bind(registry, pool)) {
      assertThat(metrics).isNotNull();
      assertThat(counter("warren.outcomes", "kind", "value")).isEqualTo(100);
    }
  }
}

package dev.warren.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.pool.Pool;
import dev.warren.pool.PoolListener;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** The beans of the starter, with pools of real children. */
class StarterIT {
  private final ApplicationContextRunner application =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  WarrenAutoConfiguration.class,
                  WarrenActuatorAutoConfiguration.class,
                  WarrenTracingAutoConfiguration.class))
          .withClassLoader(new FilteredClassLoader("org.springframework.boot.health"))
          .withPropertyValues("warren.processes=1");

  /** Called in a child. */
  public static int twice(int n) {
    return 2 * n;
  }

  @Test
  void the_pool_has_its_properties_and_ends_with_the_context() {
    Pool[] seen = new Pool[1];
    application
        .withPropertyValues("warren.name=scores", "warren.max-tasks-per-child=1")
        .run(
            context -> {
              Pool pool = context.getBean(Pool.class);
              seen[0] = pool;
              assertThat(pool.name()).isEqualTo("scores");
              assertThat(pool.processes()).isEqualTo(1);
              assertThat(pool.map(StarterIT::twice, List.of(1, 2, 3))).containsExactly(2, 4, 6);
              Boot3Health health = context.getBean(Boot3Health.class);
              assertThat(health.health().getStatus().getCode()).isEqualTo("UP");
              assertThat(health.health().getDetails()).containsEntry("pool", "scores");
            });
    assertThat(seen[0].state()).isNotEqualTo(Pool.State.RUNNING);
    assertThat(seen[0].join(Duration.ZERO)).isTrue(); // ended already
  }

  @Test
  void a_pool_of_the_application_wins_and_a_misspelt_property_is_an_error() {
    application
        .withBean("own", Pool.class, () -> Pool.builder().processes(2).open())
        .run(
            context -> {
              assertThat(context).hasSingleBean(Pool.class).doesNotHaveBean(Boot3Health.class);
              assertThat(context.getBean(Pool.class).processes()).isEqualTo(2);
            });
    application
        .withPropertyValues("warren.max-task-per-child=1")
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .hasStackTraceContaining("warren.max-task-per-child"));
    application
        .withPropertyValues("warren.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean(Pool.class));
  }

  @Test
  void a_broken_listener_harms_no_other_and_health_follows_the_broker() {
    AtomicInteger heard = new AtomicInteger();
    application
        .withBean("broken", PoolListener.class, () -> new CountingListener(null))
        .withBean("counting", PoolListener.class, () -> new CountingListener(heard))
        .run(
            context -> {
              PoolListener all =
                  EachListener.of(List.copyOf(context.getBeansOfType(PoolListener.class).values()));
              all.brokerLost("it is away");
              assertThat(heard).hasValue(1);
              Boot3Health health = context.getBean(Boot3Health.class);
              assertThat(health.health().getStatus().getCode()).isEqualTo("DOWN");
              assertThat(health.health().getDetails()).containsEntry("broker", "it is away");
              all.brokerBack();
              assertThat(health.health().getStatus().getCode()).isEqualTo("UP");
            });
  }

  /** Counts, or fails without a counter. */
  private record CountingListener(AtomicInteger heard) implements PoolListener {
    @Override
    public void brokerLost(String reason) {
      heard.incrementAndGet();
    }
  }

  @Test
  void meters_and_spans_go_where_the_application_has_them() {
    InMemorySpanExporter spans = InMemorySpanExporter.create();
    observed(spans)
        .run(
            context -> {
              MeterRegistry registry = context.getBean(MeterRegistry.class);
              context.getBean(PoolMeterBinder.class).bindTo(registry);
              Pool pool = context.getBean(Pool.class);
              assertThat(pool.map(StarterIT::twice, List.of(1, 2))).containsExactly(2, 4);
              assertThat(registry.get("warren.calls.submitted").functionCounter().count())
                  .isEqualTo(2);
              await()
                  .untilAsserted(
                      () ->
                          assertThat(spans.getFinishedSpanItems())
                              .extracting(SpanData::getName)
                              .contains("job dev.warren.spring.StarterIT::twice"));
            });
  }

  @Test
  void without_tracing_there_are_no_spans() {
    InMemorySpanExporter spans = InMemorySpanExporter.create();
    observed(spans)
        .withPropertyValues("warren.tracing=false")
        .run(
            context -> {
              context.getBean(Pool.class).map(StarterIT::twice, List.of(1));
              assertThat(spans.getFinishedSpanItems()).isEmpty();
            });
  }

  /** The context closes the telemetry, which forgets the spans. */
  private ApplicationContextRunner observed(InMemorySpanExporter spans) {
    SdkTracerProvider tracers =
        SdkTracerProvider.builder().addSpanProcessor(SimpleSpanProcessor.create(spans)).build();
    OpenTelemetry telemetry = OpenTelemetrySdk.builder().setTracerProvider(tracers).build();
    return application
        .withBean(OpenTelemetry.class, () -> telemetry)
        .withBean(MeterRegistry.class, SimpleMeterRegistry::new);
  }
}

package dev.warren.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.warren.pool.Pool;
import dev.warren.pool.TaskFailedException;
import dev.warren.task.TaskContext;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Traces of a pool's calls, from the caller into the child and back, with OpenTelemetry. */
class WarrenTracingTest {
  private static final Duration SOON = Duration.ofMinutes(2);

  private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
  private final OpenTelemetrySdk openTelemetry =
      OpenTelemetrySdk.builder()
          .setTracerProvider(
              SdkTracerProvider.builder()
                  .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                  .build())
          .build();
  private final Pool pool =
      Pool.builder().processes(1).name("traced").tracing(WarrenTracing.of(openTelemetry)).open();

  @AfterEach
  void close() {
    pool.close();
    openTelemetry.close();
  }

  /** Functions that children run. */
  static final class Functions {
    static String place(int number) {
      if (number < 0) {
        throw new IllegalArgumentException("negative");
      }
      return String.valueOf(TaskContext.current().traceparent());
    }
  }

  private List<SpanData> spans(int count) {
    await().atMost(SOON).until(() -> exporter.getFinishedSpanItems().size() == count);
    return exporter.getFinishedSpanItems();
  }

  private SpanData span(String name) {
    return exporter.getFinishedSpanItems().stream()
        .filter(span -> span.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static String name(String prefix) {
    return prefix + " " + Functions.class.getName() + "::place";
  }

  @Test
  void one_trace_leads_from_the_caller_into_the_child() {
    Span caller = openTelemetry.getTracer("app").spanBuilder("request").startSpan();
    String told;
    try (Scope scope = caller.makeCurrent()) {
      assertThat(scope).isNotNull();
      told = pool.apply(Functions::place, 1);
    }
    spans(2);
    SpanData send = span("send warren.traced.tasks");
    SpanData process = span(name("process"));
    assertThat(send.getKind()).isEqualTo(SpanKind.PRODUCER);
    assertThat(send.getParentSpanId()).isEqualTo(caller.getSpanContext().getSpanId());
    assertThat(process.getKind()).isEqualTo(SpanKind.CONSUMER);
    assertThat(process.getParentSpanId()).isEqualTo(send.getSpanId());
    assertThat(process.getEndEpochNanos()).isGreaterThanOrEqualTo(process.getStartEpochNanos());
    assertThat(told)
        .startsWith("00-" + caller.getSpanContext().getTraceId() + "-" + process.getSpanId());
  }

  @Test
  void a_failed_call_ends_its_span_with_the_kind_and_the_exception() {
    assertThatThrownBy(() -> pool.apply(Functions::place, -1))
        .isInstanceOf(TaskFailedException.class);
    spans(2);
    SpanData process = span(name("process"));
    assertThat(process.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(process.getAttributes().get(AttributeKey.stringKey("error.type")))
        .isEqualTo("failed");
    assertThat(process.getAttributes().get(AttributeKey.stringKey("exception.type")))
        .isEqualTo("java.lang.IllegalArgumentException");
  }

  @Test
  void a_map_is_one_trace_with_a_span_per_message_and_call() {
    List<String> told = pool.map(Functions::place, List.of(1, 2, 3, 4), 2);
    assertThat(told).doesNotHaveDuplicates();
    List<SpanData> spans = spans(1 + 2 + 4);
    assertThat(spans).extracting(SpanData::getTraceId).containsOnly(spans.get(0).getTraceId());
    assertThat(span(name("job")).getParentSpanContext().isValid()).isFalse();
  }

  /** Of docs/TRACES.md. */
  static final class Stats {
    static double score(String item) {
      return item.length();
    }
  }

  @Test
  void the_sample_of_the_page_about_traces() {
    String broker = "local:";
    List<String> items = List.of("a", "bc");
    try (Pool pool = Pool.builder().uri(broker).tracing(WarrenTracing.of(openTelemetry)).open()) {
      List<Double> scores = pool.map(Stats::score, items);
      assertThat(scores).containsExactly(1.0, 2.0);
    }
    assertThat(exporter.getFinishedSpanItems()).isNotEmpty();
  }

  @Test
  void the_share_of_messages_is_0_to_1() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WarrenTracing.of(OpenTelemetry.noop(), 1.5))
        .withMessage("ratio is 1.5; must be 0 to 1");
  }
}

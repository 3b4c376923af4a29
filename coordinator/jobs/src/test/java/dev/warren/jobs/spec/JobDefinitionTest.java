package dev.warren.jobs.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.task.Backoff;
import dev.warren.task.Payload;
import dev.warren.task.TaskOptions;
import dev.warren.wire.FunctionRef;
import dev.warren.wire.PoolSettings;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class JobDefinitionTest {
  private static final TaskOptions OPTIONS =
      TaskOptions.builder()
          .timeLimit(Duration.ofSeconds(30))
          .maxAttempts(3)
          .backoff(Backoff.exponential(Duration.ofMillis(10), Duration.ofSeconds(5)))
          .retryOn("java.io.IOException")
          .notBefore(Instant.parse("2026-11-30T18:00:00Z"))
          .strictJson(false)
          .build();

  private static JobDefinition definition(String function, PoolSettings settings) {
    return new JobDefinition(
        FunctionRef.parse(function, null),
        Payload.of("[1]"),
        LineMode.TEXT,
        1,
        settings,
        OPTIONS,
        50,
        "/tmp/out.jsonl");
  }

  private static PoolSettings settings(int calls) {
    return new PoolSettings(FunctionRef.parse("a.B::init", null), Payload.of("[7]"), null, calls);
  }

  @Test
  void a_definition_comes_back_from_its_json() {
    JobDefinition whole = definition("com.acme.Stats::score(I)D", settings(10));
    assertThat(JobDefinition.ofJson(whole.toJson())).isEqualTo(whole);
    assertThat(whole.toJson()).doesNotContain("\n");
  }

  @Test
  void the_function_and_the_initializer_belong_to_the_identity_and_options_do_not() {
    JobDefinition one = definition("com.acme.Stats::score", settings(10));
    assertThat(one.differenceTo(definition("com.acme.Stats::score", settings(20)))).isNull();
    assertThat(one.differenceTo(definition("com.acme.Stats::score(I)D", settings(10)))).isNull();
    assertThat(one.differenceTo(definition("com.acme.Stats::mean", settings(10))))
        .isEqualTo(
            new JobDefinition.Difference(
                "function", "com.acme.Stats::score", "com.acme.Stats::mean"));
    assertThat(one.differenceTo(definition("com.acme.Stats::score", PoolSettings.DEFAULTS)))
        .extracting(JobDefinition.Difference::part)
        .isEqualTo("initializer");
  }

  @Test
  void something_else_is_refused() {
    assertThatThrownBy(() -> JobDefinition.ofJson("{}"))
        .hasMessageStartingWith("a job's definition cannot be read: ");
  }
}

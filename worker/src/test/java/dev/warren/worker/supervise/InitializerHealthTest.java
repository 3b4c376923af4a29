package dev.warren.worker.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.task.FailureKind;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.PoolSettings;
import org.junit.jupiter.api.Test;

class InitializerHealthTest {
  private static final RemoteFailure CAUSE = RemoteFailure.of(FailureKind.FAILED, "no database", 1);
  private final InitializerHealth initializers = new InitializerHealth();
  private long now = 1_000_000_000;

  InitializerHealthTest() {
    initializers.know("k", PoolSettings.DEFAULTS);
  }

  @Test
  void a_failure_delays_the_next_attempt() {
    initializers.failed("k", CAUSE, now);
    assertThat(initializers.mayTry("k", now)).isFalse();
    now += 1_000_000_000;
    assertThat(initializers.mayTry("k", now)).isTrue();
  }

  @Test
  void after_some_failures_in_a_row_calls_are_refused_with_the_cause() {
    for (int i = 0; i < InitializerHealth.TRIES; i++) {
      assertThat(initializers.refusal("k", now)).isEmpty();
      initializers.failed("k", CAUSE, now);
    }
    RemoteFailure refusal = initializers.refusal("k", now).orElseThrow();
    assertThat(refusal.kind()).isEqualTo(FailureKind.INITIALIZER_FAILED);
    assertThat(refusal.message()).contains("no child could be initialised", "no database");
  }

  @Test
  void starts_killed_from_outside_are_retried_at_once_up_to_a_limit() {
    for (int i = 1; i < InitializerHealth.KILLS; i++) {
      assertThat(initializers.killed("k", CAUSE, now)).isFalse();
      assertThat(initializers.mayTry("k", now)).isTrue();
    }
    assertThat(initializers.killed("k", CAUSE, now)).isTrue();
    assertThat(initializers.refusal("k", now)).isPresent();
    initializers.succeeded("k");
    assertThat(initializers.killed("k", CAUSE, now)).isFalse();
    assertThat(initializers.refusal("k", now)).isEmpty();
  }

  @Test
  void refusals_expire() {
    for (int i = 0; i < InitializerHealth.TRIES; i++) {
      initializers.failed("k", CAUSE, now);
    }
    now += InitializerHealth.REFUSE_FOR.toNanos();
    assertThat(initializers.refusal("k", now)).isEmpty();
    assertThat(initializers.mayTry("k", now)).isTrue();
    initializers.succeeded("k");
    initializers.failed("k", CAUSE, now);
    assertThat(initializers.refusal("k", now)).isEmpty();
  }

  @Test
  void failures_of_one_pool_do_not_affect_another() {
    initializers.know("other", PoolSettings.DEFAULTS);
    for (int i = 0; i < InitializerHealth.TRIES; i++) {
      initializers.failed("k", CAUSE, now);
    }
    assertThat(initializers.mayTry("other", now)).isTrue();
    assertThat(initializers.refusal("other", now)).isEmpty();
  }

  @Test
  void unknown_settings_can_neither_fail_nor_be_refused() {
    assertThat(initializers.failed("unknown", CAUSE, now)).isFalse();
    assertThat(initializers.killed("unknown", CAUSE, now)).isFalse();
    initializers.succeeded("unknown");
    assertThat(initializers.mayTry("unknown", now)).isTrue();
    assertThat(initializers.settings("unknown")).isNull();
    assertThat(initializers.waitMillis("unknown", now)).isZero();
  }
}

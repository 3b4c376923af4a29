package dev.warren.worker.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.task.FailureKind;
import dev.warren.task.RemoteFailure;
import dev.warren.wire.PoolSettings;
import org.junit.jupiter.api.Test;

class InitializerHealthTest {
  private static final RemoteFailure CAUSE = RemoteFailure.of(FailureKind.FAILED, "no database", 1);
  private final InitializerHealth bindings = new InitializerHealth();
  private long now = 1_000_000_000;

  InitializerHealthTest() {
    bindings.know("k", PoolSettings.DEFAULTS);
  }

  @Test
  void a_failure_delays_the_next_attempt() {
    bindings.failed("k", CAUSE, now);
    assertThat(bindings.mayTry("k", now)).isFalse();
    now += 1_000_000_000;
    assertThat(bindings.mayTry("k", now)).isTrue();
  }

  @Test
  void after_some_failures_in_a_row_calls_are_refused_with_the_cause() {
    for (int i = 0; i < InitializerHealth.TRIES; i++) {
      assertThat(bindings.refusal("k", now)).isEmpty();
      bindings.failed("k", CAUSE, now);
    }
    RemoteFailure refusal = bindings.refusal("k", now).orElseThrow();
    assertThat(refusal.kind()).isEqualTo(FailureKind.INITIALIZER_FAILED);
    assertThat(refusal.message()).contains("no child could be initialised", "no database");
  }

  @Test
  void starts_killed_from_outside_are_retried_at_once_up_to_a_limit() {
    for (int i = 1; i < InitializerHealth.KILLS; i++) {
      assertThat(bindings.killed("k", CAUSE, now)).isFalse();
      assertThat(bindings.mayTry("k", now)).isTrue();
    }
    assertThat(bindings.killed("k", CAUSE, now)).isTrue();
    assertThat(bindings.refusal("k", now)).isPresent();
    bindings.succeeded("k");
    assertThat(bindings.killed("k", CAUSE, now)).isFalse();
    assertThat(bindings.refusal("k", now)).isEmpty();
  }

  @Test
  void refusals_expire() {
    for (int i = 0; i < InitializerHealth.TRIES; i++) {
      bindings.failed("k", CAUSE, now);
    }
    now += InitializerHealth.REFUSE_FOR.toNanos();
    assertThat(bindings.refusal("k", now)).isEmpty();
    assertThat(bindings.mayTry("k", now)).isTrue();
    bindings.succeeded("k");
    bindings.failed("k", CAUSE, now);
    assertThat(bindings.refusal("k", now)).isEmpty();
  }

  @Test
  void failures_of_one_pool_do_not_affect_another() {
    bindings.know("other", PoolSettings.DEFAULTS);
    for (int i = 0; i < InitializerHealth.TRIES; i++) {
      bindings.failed("k", CAUSE, now);
    }
    assertThat(bindings.mayTry("other", now)).isTrue();
    assertThat(bindings.refusal("other", now)).isEmpty();
  }

  @Test
  void unknown_settings_can_neither_fail_nor_be_refused() {
    assertThat(bindings.failed("unknown", CAUSE, now)).isFalse();
    assertThat(bindings.killed("unknown", CAUSE, now)).isFalse();
    bindings.succeeded("unknown");
    assertThat(bindings.mayTry("unknown", now)).isTrue();
    assertThat(bindings.settings("unknown")).isNull();
    assertThat(bindings.waitMillis("unknown", now)).isZero();
  }
}

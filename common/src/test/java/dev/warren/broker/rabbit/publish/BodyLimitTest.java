package dev.warren.broker.rabbit.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.broker.BrokerException;
import org.junit.jupiter.api.Test;

class BodyLimitTest {
  private static final String REFUSAL =
      "PRECONDITION_FAILED - message size 65548 is larger than configured max size 65536";

  private final BodyLimit limit = new BodyLimit();

  @Test
  void the_versions_limit_applies_until_a_refusal_names_a_lower_one() {
    assertThat(limit.within(1_000_000)).isEqualTo(1_000_000);
    assertThat(limit.learn(REFUSAL))
        .hasMessageContaining("65548")
        .hasMessageContaining("at most 65536")
        .matches(BrokerException::isUnsendable);
    assertThat(limit.within(1_000_000)).isEqualTo(65_536);
    assertThat(limit.within(1000)).isEqualTo(1000);
  }

  @Test
  void a_new_connection_starts_with_the_versions_limit() {
    assertThat(limit.learn(REFUSAL)).isNotNull();
    limit.forget();
    assertThat(limit.within(1_000_000)).isEqualTo(1_000_000);
  }

  @Test
  void a_refusal_for_another_reason_changes_nothing() {
    assertThat(limit.learn("PRECONDITION_FAILED - invalid expiration '-1'")).isNull();
    assertThat(limit.within(1_000_000)).isEqualTo(1_000_000);
  }
}

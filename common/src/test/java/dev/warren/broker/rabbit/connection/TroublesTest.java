package dev.warren.broker.rabbit.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.broker.BrokerException;
import org.junit.jupiter.api.Test;

class TroublesTest {
  private static final BrokerException DOWN = new BrokerException("broker: queue q: down");
  private static final BrokerException OTHER = new BrokerException("broker: queue r: down");

  private final Troubles troubles = new Troubles();

  @Test
  void a_cause_is_logged_once_until_it_is_over() {
    assertThat(troubles.met(DOWN)).isTrue();
    assertThat(troubles.met(OTHER)).isTrue();
    assertThat(troubles.met(DOWN)).isFalse();
    troubles.over(new BrokerException("broker: queue q: down"));
    assertThat(troubles.met(OTHER)).isFalse();
    assertThat(troubles.met(DOWN)).isTrue();
  }

  @Test
  void all_causes_are_over_once_everything_is_declared() {
    assertThat(troubles.met(DOWN)).isTrue();
    troubles.allOver();
    assertThat(troubles.met(DOWN)).isTrue();
  }
}

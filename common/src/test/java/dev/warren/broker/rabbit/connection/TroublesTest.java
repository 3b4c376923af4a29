package dev.warren.broker.rabbit.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.broker.BrokerException;
import org.junit.jupiter.api.Test;

class TroublesTest {
  private final BrokerException down = new BrokerException("broker: queue q: down");
  private final BrokerException other = new BrokerException("broker: queue r: down");

  private final Troubles troubles = new Troubles();

  @Test
  void a_cause_is_logged_once_until_it_is_over() {
    assertThat(troubles.met(down)).isTrue();
    assertThat(troubles.met(other)).isTrue();
    assertThat(troubles.met(down)).isFalse();
    troubles.over(new BrokerException("broker: queue q: down"));
    assertThat(troubles.met(other)).isFalse();
    assertThat(troubles.met(down)).isTrue();
  }

  @Test
  void all_causes_are_over_once_everything_is_declared() {
    assertThat(troubles.met(down)).isTrue();
    troubles.allOver();
    assertThat(troubles.met(down)).isTrue();
  }
}

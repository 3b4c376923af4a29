package dev.warren.broker.rabbit.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RabbitPublisherTest {
  @Test
  void messages_still_in_transit_on_a_slow_line_are_not_considered_lost() {
    Duration timeout = Duration.ofSeconds(30);
    assertThat(RabbitPublisher.patience(timeout, 0)).isEqualTo(timeout);
    // 8 MB, which sockets buffer, over 100 kB/s
    assertThat(RabbitPublisher.patience(timeout, 8_000_000)).isGreaterThan(Duration.ofSeconds(80));
    assertThat(RabbitPublisher.patience(timeout, 1000)).isLessThan(Duration.ofSeconds(31));
  }
}

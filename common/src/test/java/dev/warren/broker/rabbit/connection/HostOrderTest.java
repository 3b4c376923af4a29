package dev.warren.broker.rabbit.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.broker.BrokerUri.Host;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HostOrderTest {
  private static final List<Host> HOSTS =
      List.of(new Host("a", 5672), new Host("b", 5672), new Host("c", 5672));

  @Test
  void clients_spread_over_the_hosts() {
    Map<Host, Integer> first = new HashMap<>();
    Random random = new Random(1);
    for (int client = 0; client < 300; client++) {
      HostOrder order = new HostOrder(HOSTS, random);
      assertThat(order.hosts()).containsExactlyInAnyOrderElementsOf(HOSTS);
      first.merge(order.hosts().get(0), 1, Integer::sum);
    }
    assertThat(first.values()).hasSize(3).allMatch(clients -> clients > 60);
  }

  @Test
  void hosts_that_failed_are_tried_last() {
    HostOrder order = new HostOrder(HOSTS, new Random(2));
    List<Host> before = order.hosts();
    order.failed(before.get(0));
    order.failed(before.get(1));
    assertThat(order.hosts()).containsExactly(before.get(2), before.get(0), before.get(1));
  }

  @Test
  void the_second_connection_to_a_lost_host_changes_nothing() {
    HostOrder order = new HostOrder(HOSTS, new Random(3));
    Host lost = order.hosts().get(0);
    order.failed(lost);
    List<Host> after = order.hosts();
    order.failed(lost);
    assertThat(order.hosts()).isEqualTo(after);
  }
}

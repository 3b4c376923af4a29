package dev.warren.broker.rabbit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.warren.broker.BrokerException;
import dev.warren.broker.BrokerUri;
import dev.warren.broker.PoolNames;
import dev.warren.broker.Route;
import dev.warren.task.Payload;
import dev.warren.testkit.SharedBroker;
import dev.warren.wire.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Walks through a dead-letter queue on a real broker. */
class QueueBrowserIT {
  private final PoolNames names = new PoolNames("walk-" + UUID.randomUUID());
  private final String queue = names.dead();
  private RabbitBroker broker;

  @BeforeEach
  void open() throws InterruptedException {
    String uri = SharedBroker.get().uri();
    broker = RabbitBroker.open(BrokerUri.parse(uri), "walk test", Duration.ofSeconds(20));
    broker.declare(names.topology());
  }

  @AfterEach
  void close() {
    broker.delete(queue);
    broker.close();
  }

  private void fill(int from, int to) throws InterruptedException {
    for (int i = from; i < to; i++) {
      Message message =
          new Message("m" + i, null, null, null, 4, Map.of(), Payload.of(Integer.toString(i)));
      var unused = broker.publish(Route.toQueue(queue), message);
    }
    assertThat(broker.flush(Duration.ofMinutes(2))).isTrue();
    awaitReady(to - from);
  }

  private void awaitReady(int messages) {
    await()
        .atMost(Duration.ofMinutes(3))
        .untilAsserted(
            () -> assertThat(broker.depth(queue).orElseThrow().ready()).isEqualTo(messages));
  }

  /** Walks, removes the matching messages, and returns all messages seen. */
  private List<Integer> browse(int max, IntPredicate removed) throws InterruptedException {
    List<Integer> seen = new ArrayList<>();
    try (QueueBrowser browser = broker.browse(queue, max)) {
      QueueBrowser.Item item = browser.next();
      while (item != null) {
        int number = Integer.parseInt(item.message().body().text());
        seen.add(number);
        if (removed.test(number)) {
          browser.remove(item);
        }
        item = browser.next();
      }
    }
    return seen;
  }

  private static List<Integer> numbers(int from, int to, IntPredicate which) {
    return IntStream.range(from, to).filter(which).boxed().toList();
  }

  @Test
  void repeated_walks_keep_the_order_of_the_remaining_messages() throws Exception {
    int all = 5000; // as many as three consumers hold
    fill(0, all);
    for (int i = 0; i < 25; i++) { // more often than the delivery limit of RabbitMQ 4
      assertThat(browse(all, number -> false)).isEqualTo(numbers(0, all, n -> true));
    }
    awaitReady(all);
  }

  @Test
  void messages_deep_in_the_queue_are_removed_and_no_others() throws Exception {
    int all = 9000;
    fill(0, all);
    browse(all, number -> number % 1000 == 999);
    assertThat(browse(all, number -> false)).isEqualTo(numbers(0, all, n -> n % 1000 != 999));
  }

  @Test
  void a_walk_that_stops_early_changes_no_order() throws Exception {
    int all = 5000;
    fill(0, all);
    assertThat(browse(10, number -> number == 3)).isEqualTo(numbers(0, 10, n -> true));
    assertThat(browse(all, number -> false)).isEqualTo(numbers(0, all, n -> n != 3));
    assertThat(browse(10, number -> number == 5)).hasSize(10);
    assertThat(browse(all, number -> false)).isEqualTo(numbers(0, all, n -> n != 3 && n != 5));
  }

  @Test
  void a_walk_that_loses_its_connection_returns_everything_but_the_removed_messages()
      throws Exception {
    int all = 5000;
    fill(0, all);
    QueueBrowser browser = broker.browse(queue, all);
    for (int i = 0; i < 3000; i++) {
      QueueBrowser.Item item = browser.next();
      if (i < 100) {
        browser.remove(item);
      }
    }
    SharedBroker.get().ctl("close_all_connections", "test");
    assertThatThrownBy(
            () -> {
              while (browser.next() != null) {
                // until the loss is detected
              }
            })
        .isInstanceOf(BrokerException.class)
        .hasMessageContaining("messages not removed are back");
    browser.close();
    assertThat(browse(all, number -> false)).isEqualTo(numbers(100, all, n -> true));
  }

  @Test
  void messages_larger_than_the_buffer_pass_one_by_one() throws Exception {
    byte[] large = new byte[15 << 20];
    for (int i = 0; i < 4; i++) {
      Message message = new Message("large" + i, null, null, null, 4, Map.of(), Payload.of(large));
      var unused = broker.publish(Route.toQueue(queue), message);
    }
    assertThat(broker.flush(Duration.ofMinutes(3))).isTrue();
    awaitReady(4);
    try (QueueBrowser browser = broker.browse(queue, 4)) {
      for (int i = 0; i < 4; i++) {
        QueueBrowser.Item item = browser.next();
        assertThat(item).isNotNull();
        assertThat(item.message().id()).isEqualTo("large" + i);
        assertThat(item.message().body().length()).isEqualTo(large.length);
      }
      assertThat(browser.next()).isNull();
    }
    awaitReady(4);
  }

  @Test
  void a_missing_queue_is_reported() {
    assertThatThrownBy(() -> broker.browse("warren.no-such.dead", 10))
        .isInstanceOf(BrokerException.class)
        .hasMessageContaining("no queue 'warren.no-such.dead'");
  }
}

package dev.warren.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.broker.Broker.Receipt;
import dev.warren.broker.rabbit.RabbitBroker;
import dev.warren.broker.rabbit.consume.ConsumerChannel;
import dev.warren.testkit.SharedBroker;
import dev.warren.testkit.server.PrivateBroker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * RabbitMQ before 4.0 mixes up the messages of a channel that ended with more than 32 consumers,
 * cancelled ones included, when it is killed and reads its log again; see {@link ConsumerChannel}.
 */
class ReplayedLogIT {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private RabbitBroker broker;
  private final List<RabbitBroker> alsoToClose = new ArrayList<>();

  @BeforeEach
  void open() throws InterruptedException {
    broker = open(SharedBroker.get().uri());
  }

  private RabbitBroker open(String uri) throws InterruptedException {
    RabbitBroker opened = RabbitBroker.open(BrokerUri.parse(uri), "test", Duration.ofSeconds(20));
    alsoToClose.add(opened);
    return opened;
  }

  @AfterEach
  void close() {
    alsoToClose.forEach(RabbitBroker::close);
  }

  @Test
  void a_killed_broker_confuses_no_messages_after_many_prefetch_changes()
      throws InterruptedException {
    PoolNames names = BrokerContract.newNames();
    Set<String> unsettled = publish(names, 2500);
    long atRiskUntil = System.nanoTime() + broker.queueAtRiskFor().toNanos();
    holdOneOfEachPrefetch(names, 40, unsettled);
    settleSome(names, 50, unsettled);
    broker.close();
    await().until(() -> System.nanoTime() - atRiskUntil > 0);
    PrivateBroker server = SharedBroker.get();
    server.kill();
    server.restart();

    Set<String> back = ConcurrentHashMap.newKeySet();
    RabbitBroker last = open(server.uri());
    last.declare(names.topology());
    last.subscribe(
        names.tasks(),
        1000,
        delivery -> {
          back.add(delivery.message().id());
          delivery.ack();
        });
    await().atMost(PATIENCE).until(() -> back.size() >= unsettled.size());
    assertThat(back).isEqualTo(unsettled);
  }

  private Set<String> publish(PoolNames names, int count) {
    broker.declare(names.topology());
    Set<String> ids = new HashSet<>();
    List<CompletableFuture<Receipt>> receipts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add("m" + i);
      receipts.add(broker.publish(Route.toQueue(names.tasks()), BrokerContract.message("m" + i)));
    }
    receipts.forEach(one -> assertThat(one).succeedsWithin(PATIENCE).isEqualTo(Receipt.CONFIRMED));
    return ids;
  }

  /**
   * Keeps one delivery unsettled at each of {@code changes} changes of the prefetch, then kills the
   * broker.
   */
  private void holdOneOfEachPrefetch(PoolNames names, int changes, Set<String> unsettled)
      throws InterruptedException {
    RabbitBroker restless = open(SharedBroker.get().uri());
    restless.declare(names.topology());
    BlockingQueue<Delivery> got = new LinkedBlockingQueue<>();
    Subscription subscription = restless.subscribe(names.tasks(), changes + 1, got::add);
    for (int i = 0; i < changes; i++) {
      int prefetch = changes + 1 + i % 2;
      List<Delivery> all = new ArrayList<>();
      while (all.size() < prefetch) {
        all.add(BrokerContract.next(got));
      }
      subscription.prefetch(changes + 1 + (i + 1) % 2);
      all.subList(1, prefetch).forEach(delivery -> settle(delivery, unsettled));
    }
    restless.close(); // writes the last settlements
  }

  private void settleSome(PoolNames names, int count, Set<String> unsettled)
      throws InterruptedException {
    BlockingQueue<Delivery> got = new LinkedBlockingQueue<>();
    Subscription subscription = broker.subscribe(names.tasks(), count, got::add);
    for (int i = 0; i < count; i++) {
      settle(BrokerContract.next(got), unsettled);
    }
    subscription.cancel();
    await().atMost(PATIENCE).until(subscription::ended);
  }

  private static void settle(Delivery delivery, Set<String> unsettled) {
    unsettled.remove(delivery.message().id());
    delivery.ack();
  }
}

package dev.warren.broker;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.broker.Broker.Receipt;
import dev.warren.broker.rabbit.RabbitBroker;
import dev.warren.meter.BrokerMeters;
import dev.warren.testkit.FaultyProxy;
import dev.warren.testkit.ForeignProducer;
import dev.warren.testkit.ForgottenConsumers;
import dev.warren.testkit.QueueAway;
import dev.warren.testkit.SharedBroker;
import dev.warren.testkit.server.PrivateBroker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Faults of servers, networks and queues that a {@link RabbitBroker} must survive. */
class RabbitFaultsIT {
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

  /** Publishes numbered messages from a thread, consumes, acknowledges and counts them. */
  private static final class Traffic {
    final PoolNames names = BrokerContract.newNames();
    final RabbitBroker over;
    final Set<String> arrived = ConcurrentHashMap.newKeySet();
    final List<CompletableFuture<Receipt>> receipts = new ArrayList<>();
    private int sent;

    Traffic(RabbitBroker over) {
      this.over = over;
      over.declare(names.topology());
      over.subscribe(
          names.tasks(),
          50,
          delivery -> {
            arrived.add(delivery.message().id());
            delivery.ack();
          });
    }

    void send(int count) {
      for (int i = 0; i < count; i++) {
        receipts.add(
            over.publish(Route.toQueue(names.tasks()), BrokerContract.message("m" + sent++)));
      }
    }

    void awaitAll() {
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                assertThat(arrived).hasSize(sent);
                assertThat(receipts).allMatch(CompletableFuture::isDone);
              });
      assertThat(receipts)
          .allSatisfy(receipt -> assertThat(receipt).isCompletedWithValue(Receipt.CONFIRMED));
      assertThat(over.unconfirmed()).isZero();
      await().atMost(PATIENCE).until(() -> over.depth(names.tasks()).orElseThrow().ready() == 0);
    }
  }

  @Test
  void a_stopped_broker_loses_no_message_and_the_subscription_resumes()
      throws InterruptedException {
    stopWhileMessagesFlow(false);
  }

  @Test
  void a_killed_broker_loses_no_message_and_the_subscription_resumes() throws InterruptedException {
    stopWhileMessagesFlow(true);
  }

  private void stopWhileMessagesFlow(boolean kill) throws InterruptedException {
    PrivateBroker server = SharedBroker.get();
    Traffic traffic = new Traffic(broker);
    String mine = traffic.names.pool() + ".private";
    broker.declare(PoolNames.privateTopology(mine, traffic.names.control(), ""));
    BlockingQueue<Delivery> control = new LinkedBlockingQueue<>();
    broker.subscribe(mine, 10, control::add);
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    broker.addListener(
        new BrokerListener() {
          @Override
          public void disconnected(String reason) {
            heard.add("disconnected");
          }

          @Override
          public void reconnected() {
            heard.add("reconnected");
          }
        });
    if (kill) {
      // RabbitMQ itself forgets a quorum queue whose node is killed shortly after its declaration
      await().during(Duration.ofSeconds(2)).until(broker::connected);
    }
    traffic.send(500);
    if (kill) {
      server.kill();
    } else {
      server.stop();
    }
    assertThat(heard.poll(20, SECONDS)).isEqualTo("disconnected");
    assertThat(broker.connected()).isFalse();
    traffic.send(500);
    server.restart();
    assertThat(heard.poll(60, SECONDS)).isEqualTo("reconnected");
    traffic.send(100);
    traffic.awaitAll();
    assertThat(broker.connected()).isTrue();
    assertThat(broker.publish(new Route(traffic.names.control(), ""), BrokerContract.message("c")))
        .succeedsWithin(PATIENCE)
        .isEqualTo(Receipt.CONFIRMED);
    assertThat(BrokerContract.next(control).message().id()).isEqualTo("c");
  }

  /** As on a server that starts a delay queue before the task queue. */
  @Test
  void messages_that_expire_while_their_target_queue_is_down_are_forwarded_soon()
      throws InterruptedException {
    PrivateBroker server = SharedBroker.get();
    PoolNames names = BrokerContract.newNames();
    broker.declare(names.topology());
    broker.declare(names.delayTopology(100));
    server.ctl("eval", QueueAway.stopping("/", names.again()));
    assertThat(broker.publish(Route.toQueue(names.delay(100)), BrokerContract.message("m")))
        .succeedsWithin(PATIENCE)
        .isEqualTo(Receipt.CONFIRMED);
    await().atMost(PATIENCE).until(() -> broker.depth(names.delay(100)).orElseThrow().ready() == 0);
    server.ctl("eval", QueueAway.starting("/", names.again()));
    BlockingQueue<Delivery> got = new LinkedBlockingQueue<>();
    broker.subscribe(names.again(), 10, got::add);
    // without Warren's help RabbitMQ takes three minutes
    assertThat(got.poll(60, SECONDS)).isNotNull();
  }

  @Test
  void repeatedly_cut_connections_lose_nothing() throws IOException, InterruptedException {
    try (FaultyProxy proxy = FaultyProxy.to(port(SharedBroker.get().uri()))) {
      Traffic traffic = new Traffic(open(through(proxy)));
      for (int i = 0; i < 5; i++) {
        traffic.send(300);
        int wanted = traffic.sent - 200;
        await().atMost(PATIENCE).until(() -> traffic.arrived.size() >= wanted);
        proxy.cut();
      }
      proxy.refuse();
      traffic.send(100);
      proxy.accept();
      traffic.awaitAll();
    }
  }

  @Test
  void a_network_that_goes_silent_is_noticed_by_its_heartbeats()
      throws IOException, InterruptedException {
    try (FaultyProxy proxy = FaultyProxy.to(port(SharedBroker.get().uri()))) {
      Traffic traffic = new Traffic(open(through(proxy) + "?heartbeat=5"));
      traffic.send(100);
      await().atMost(PATIENCE).until(() -> traffic.arrived.size() == 100);
      AtomicBoolean lost = new AtomicBoolean();
      traffic.over.addListener(
          new BrokerListener() {
            @Override
            public void disconnected(String reason) {
              lost.set(true);
            }
          });
      proxy.stall();
      traffic.send(100);
      await().atMost(PATIENCE).untilTrue(lost);
      proxy.unstall();
      traffic.awaitAll();
    }
  }

  @Test
  void a_queue_deleted_under_its_consumer_is_made_anew() throws InterruptedException {
    Traffic traffic = new Traffic(broker);
    traffic.send(10);
    traffic.awaitAll();
    SharedBroker.get().ctl("delete_queue", traffic.names.tasks());
    await()
        .atMost(PATIENCE)
        .until(() -> broker.depth(traffic.names.tasks()).map(d -> d.consumers()).orElse(0) == 1);
    traffic.send(10);
    traffic.awaitAll();
  }

  @Test
  void a_recreated_exchange_gets_its_bindings_back() throws Exception {
    RabbitBroker watched = watchedOften(SharedBroker.get().uri());
    PoolNames names = BrokerContract.newNames();
    String mine = names.pool() + ".private";
    watched.declare(names.topology());
    watched.declare(PoolNames.privateTopology(mine, names.events(), "worker.#"));
    BlockingQueue<Delivery> got = new LinkedBlockingQueue<>();
    watched.subscribe(mine, 10, got::add);
    try (ForeignProducer operator = ForeignProducer.connect(SharedBroker.get().uri() + "%2F")) {
      operator.deleteExchange(names.events());
    }
    Route toEvents = new Route(names.events(), "worker.heartbeat");
    await()
        .atMost(PATIENCE)
        .until(
            () -> broker.publish(toEvents, BrokerContract.message("beat")).get(180, SECONDS),
            Receipt.CONFIRMED::equals);
    Delivery beat = got.poll(180, SECONDS);
    assertThat(beat).isNotNull();
    assertThat(beat.message().id()).isEqualTo("beat");
    assertThat(beat.live()).as("over the connection that stood all the time").isTrue();
  }

  @Test
  void a_results_queue_that_a_policy_makes_small_drops_nothing() throws Exception {
    String client = "small-" + ProcessHandle.current().pid();
    String queue = PoolNames.results(client);
    SharedBroker.get()
        .ctl(
            "set_policy", "--apply-to", "queues", "small", "^" + queue + "$", "{\"max-length\":5}");
    try {
      broker.declare(PoolNames.resultsTopology(client));
      List<CompletableFuture<Receipt>> receipts = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        receipts.add(broker.publish(Route.toQueue(queue), BrokerContract.message("m" + i)));
      }
      await().atMost(PATIENCE).until(() -> broker.depth(queue).orElseThrow().ready() >= 5);
      Set<String> arrived = ConcurrentHashMap.newKeySet();
      broker.subscribe(
          queue,
          10,
          delivery -> {
            arrived.add(delivery.message().id());
            delivery.ack();
          });
      await().atMost(PATIENCE).until(() -> arrived.size() == 300);
      assertThat(broker.flush(PATIENCE)).isTrue();
      assertThat(receipts).allMatch(receipt -> receipt.getNow(null) == Receipt.CONFIRMED);
    } finally {
      SharedBroker.get().ctl("clear_policy", "small");
      broker.delete(queue);
    }
  }

  @Test
  void a_consumer_that_the_broker_has_forgotten_is_recreated() throws InterruptedException {
    RabbitBroker watched = watchedOften(SharedBroker.get().uri());
    Traffic traffic = new Traffic(watched);
    traffic.send(10);
    traffic.awaitAll();
    ForgottenConsumers.of(SharedBroker.get(), traffic.names.tasks());
    traffic.send(10);
    traffic.awaitAll();
  }

  @Test
  void a_consumer_that_gets_nothing_on_a_new_channel_either_connects_anew()
      throws InterruptedException {
    RabbitBroker watched = watchedOften(SharedBroker.get().uri());
    CompletableFuture<String> disconnected = new CompletableFuture<>();
    watched.addListener(
        new BrokerListener() {
          @Override
          public void disconnected(String reason) {
            disconnected.complete(reason);
          }
        });
    Topology queue = oneConsumerAtATime(BrokerContract.newNames().tasks());
    String name = queue.queues().get(0).name();
    // occupies the only place with one message and keeps both
    RabbitBroker other = open(SharedBroker.get().uri());
    other.declare(queue);
    BlockingQueue<Delivery> kept = new LinkedBlockingQueue<>();
    other.subscribe(name, 1, kept::add);
    for (int i = 0; i < 2; i++) {
      var unused = other.publish(Route.toQueue(name), BrokerContract.message("m" + i));
    }
    assertThat(kept.poll(20, SECONDS)).isNotNull();
    watched.declare(queue);
    BlockingQueue<Delivery> got = new LinkedBlockingQueue<>();
    watched.subscribe(name, 10, got::add);
    assertThat(disconnected).succeedsWithin(PATIENCE);
    other.close();
    Delivery first = got.poll(20, SECONDS);
    assertThat(first).isNotNull();
    first.ack();
    Delivery second = got.poll(20, SECONDS);
    assertThat(second).isNotNull();
    second.ack();
  }

  private static Topology oneConsumerAtATime(String name) {
    Map<String, Object> arguments =
        Map.of("x-queue-type", "quorum", "x-single-active-consumer", true);
    return Topology.ofQueue(new Topology.Queue(name, false, arguments));
  }

  private RabbitBroker watchedOften(String uri) throws InterruptedException {
    RabbitBroker opened =
        RabbitBroker.open(
            BrokerUri.parse(uri),
            "test",
            Duration.ofSeconds(20),
            RabbitBroker.CONFIRM_TIMEOUT,
            Duration.ofMillis(200),
            BrokerMeters.detached());
    alsoToClose.add(opened);
    return opened;
  }

  @Test
  void deliveries_before_a_cut_are_void_and_redelivered() throws IOException, InterruptedException {
    try (FaultyProxy proxy = FaultyProxy.to(port(SharedBroker.get().uri()))) {
      RabbitBroker through = open(through(proxy));
      PoolNames names = BrokerContract.newNames();
      through.declare(names.topology());
      BlockingQueue<Delivery> got = new LinkedBlockingQueue<>();
      through.subscribe(names.tasks(), 5, got::add);
      assertThat(through.publish(Route.toQueue(names.tasks()), BrokerContract.message("m")))
          .succeedsWithin(PATIENCE);
      Delivery first = BrokerContract.next(got);
      proxy.cut();
      Delivery second = BrokerContract.next(got);
      assertThat(first.live()).isFalse();
      first.ack();
      assertThat(second.live()).isTrue();
      assertThat(second.redelivered()).isTrue();
      second.ack();
      await().atMost(PATIENCE).until(() -> through.depth(names.tasks()).orElseThrow().ready() == 0);
    }
  }

  @Test
  void messages_without_a_confirm_are_sent_again_on_a_new_channel()
      throws IOException, InterruptedException {
    try (FaultyProxy proxy = FaultyProxy.to(port(SharedBroker.get().uri()))) {
      RabbitBroker through =
          RabbitBroker.open(
              BrokerUri.parse(through(proxy)),
              "test",
              Duration.ofSeconds(20),
              Duration.ofMillis(500),
              RabbitBroker.LOOK_EVERY,
              BrokerMeters.detached());
      alsoToClose.add(through);
      Traffic traffic = new Traffic(through);
      proxy.stall();
      traffic.send(20);
      await()
          .during(Duration.ofMillis(1500))
          .atMost(PATIENCE)
          .until(() -> through.unconfirmed() == 20);
      proxy.unstall();
      traffic.awaitAll();
    }
  }

  @Test
  void a_memory_alarm_is_reported_and_blocks_messages_until_it_ends() throws InterruptedException {
    PrivateBroker server = SharedBroker.get();
    Traffic traffic = new Traffic(broker);
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    broker.addListener(
        new BrokerListener() {
          @Override
          public void blocked(String reason) {
            heard.add("blocked");
          }

          @Override
          public void unblocked() {
            heard.add("unblocked");
          }
        });
    server.ctl("set_vm_memory_high_watermark", "absolute", "1MB");
    try {
      traffic.send(1);
      assertThat(heard.poll(20, SECONDS)).isEqualTo("blocked");
      traffic.send(100);
      assertThat(broker.depth(traffic.names.tasks())).isPresent();
    } finally {
      server.ctl("set_vm_memory_high_watermark", "0.4");
    }
    assertThat(heard.poll(20, SECONDS)).isEqualTo("unblocked");
    traffic.awaitAll();
  }

  @Test
  void messages_for_a_full_queue_wait_and_do_not_fail() throws InterruptedException {
    PoolNames names = BrokerContract.newNames();
    String queue = names.pool() + ".small";
    broker.declare(
        Topology.ofQueue(
            new Topology.Queue(
                queue,
                false,
                Map.of(
                    "x-queue-type", "quorum", "x-max-length", 2, "x-overflow", "reject-publish"))));
    List<CompletableFuture<Receipt>> receipts = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      receipts.add(broker.publish(Route.toQueue(queue), BrokerContract.message("m" + i)));
      if (i < 3) {
        // the limit is soft: the queue refuses messages only once it is overfull
        assertThat(receipts.get(i)).succeedsWithin(PATIENCE);
      }
    }
    assertThat(broker.flush(Duration.ofMillis(300))).isFalse();
    Set<String> arrived = ConcurrentHashMap.newKeySet();
    broker.subscribe(
        queue,
        10,
        delivery -> {
          arrived.add(delivery.message().id());
          delivery.ack();
        });
    await().atMost(PATIENCE).until(() -> arrived.size() == 20);
    assertThat(broker.flush(PATIENCE)).isTrue();
    assertThat(receipts).allMatch(f -> f.getNow(null) == Receipt.CONFIRMED);
    broker.delete(queue);
  }

  private static int port(String uri) {
    return BrokerUri.parse(uri).hosts().get(0).port();
  }

  private static String through(FaultyProxy proxy) {
    String uri = SharedBroker.get().uri();
    return uri.replace(":" + port(uri), ":" + proxy.port());
  }
}

package dev.warren.broker.rabbit;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.warren.broker.Broker;
import dev.warren.broker.Broker.Receipt;
import dev.warren.broker.BrokerContract;
import dev.warren.broker.BrokerException;
import dev.warren.broker.BrokerUri;
import dev.warren.broker.Delivery;
import dev.warren.broker.PoolNames;
import dev.warren.broker.Route;
import dev.warren.broker.Topology;
import dev.warren.task.Payload;
import dev.warren.testkit.FaultyProxy;
import dev.warren.testkit.SharedBroker;
import dev.warren.testkit.server.PrivateBroker;
import dev.warren.wire.Message;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The contract of all brokers on a real broker, and its errors. */
class RabbitBrokerIT implements BrokerContract {
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

  @Override
  public Broker broker() {
    return broker;
  }

  // ------------------------------------------------------------------------ several hosts

  @Test
  void clients_spread_over_the_hosts_of_a_uri() throws Exception {
    try (FaultyProxy first = proxy();
        FaultyProxy second = proxy()) {
      for (int i = 0; i < 20; i++) {
        open(uri(first, second));
      }
      assertThat(first.connections()).isPositive();
      assertThat(second.connections()).isPositive();
    }
  }

  @Test
  void a_client_whose_host_closes_connections_moves_to_another_host() throws Exception {
    try (FaultyProxy first = proxy();
        FaultyProxy second = proxy()) {
      RabbitBroker client = open(uri(first, second));
      FaultyProxy used = first.connections() > 0 ? first : second;
      FaultyProxy other = used == first ? second : first;
      used.cut(); // new connections are accepted
      await().atMost(PATIENCE).until(() -> other.connections() == 2 && client.connected());
      assertThat(used.connections()).isZero();
    }
  }

  private static FaultyProxy proxy() throws IOException {
    return FaultyProxy.to(SharedBroker.get().port());
  }

  private static String uri(FaultyProxy first, FaultyProxy second) {
    PrivateBroker server = SharedBroker.get();
    return server
        .uri()
        .replace(":" + server.port(), ":" + first.port() + ",127.0.0.1:" + second.port());
  }

  // ------------------------------------------------------------------------ names in use

  @Test
  void a_private_queue_whose_name_is_locked_gets_another_name() throws Exception {
    PoolNames names = names();
    String queue = PoolNames.events(names.pool());
    Topology topology =
        names.topology().and(PoolNames.privateTopology(queue, names.events(), "beat"));
    open(SharedBroker.get().uri()).declare(topology);
    broker.declare(topology);
    BlockingQueue<Delivery> got = new LinkedBlockingQueue<>();
    broker.subscribe(queue, 5, got::add);
    assertThat(broker.address(queue)).startsWith(queue + ".");
    assertThat(broker.publish(new Route(names.events(), "beat"), BrokerContract.message("beat")))
        .succeedsWithin(PATIENCE)
        .isEqualTo(Receipt.CONFIRMED);
    BrokerContract.next(got).ack();
    assertThat(broker.publish(Route.toQueue(queue), BrokerContract.message("echo")))
        .succeedsWithin(PATIENCE)
        .isEqualTo(Receipt.CONFIRMED);
    assertThat(BrokerContract.next(got).message().id()).isEqualTo("echo");
    assertThat(broker.depth(queue).orElseThrow().consumers()).isEqualTo(1);
    String inUse = broker.address(queue);
    broker.delete(queue);
    assertThat(broker.depth(inUse)).isEmpty();
  }

  @Test
  void a_private_queue_that_is_locked_after_a_reconnect_gets_another_name() throws Exception {
    PoolNames names = names();
    String queue = PoolNames.events(names.pool());
    Topology topology =
        names.topology().and(PoolNames.privateTopology(queue, names.events(), "beat"));
    try (FaultyProxy proxy = proxy()) {
      RabbitBroker client =
          open(SharedBroker.get().uri().replaceAll(":[0-9]+/", ":" + proxy.port() + "/"));
      client.declare(topology);
      BlockingQueue<Delivery> got = new LinkedBlockingQueue<>();
      client.subscribe(queue, 5, got::add);
      proxy.refuse();
      proxy.cut();
      await().atMost(PATIENCE).ignoreExceptions().until(() -> declared(topology));
      proxy.accept();
      await().atMost(PATIENCE).until(client::connected);
      await().atMost(PATIENCE).until(() -> consumers(client, queue) == 1);
      assertThat(client.address(queue)).startsWith(queue + ".");
      assertThat(broker.publish(new Route(names.events(), "beat"), BrokerContract.message("beat")))
          .succeedsWithin(PATIENCE)
          .isEqualTo(Receipt.CONFIRMED);
      assertThat(BrokerContract.next(got).message().id()).isEqualTo("beat");
    }
  }

  private boolean declared(Topology topology) {
    broker.declare(topology);
    return true;
  }

  private static int consumers(RabbitBroker client, String queue) {
    return client.depth(queue).map(Broker.QueueDepth::consumers).orElse(0);
  }

  @Test
  void a_queue_that_rejects_a_broadcast_does_not_repeat_it_for_the_others() throws Exception {
    PoolNames names = names();
    String queue = PoolNames.events(names.pool());
    String full = "warren." + names.pool() + ".full";
    Topology.Queue one =
        new Topology.Queue(full, false, Map.of("x-max-length", 1, "x-overflow", "reject-publish"));
    broker.declare(
        names
            .topology()
            .and(PoolNames.privateTopology(queue, names.events(), "beat"))
            .and(
                new Topology(
                    List.of(),
                    List.of(one),
                    List.of(new Topology.Binding(names.events(), "beat", full)))));
    BlockingQueue<Delivery> got = new LinkedBlockingQueue<>();
    broker.subscribe(queue, 100, got::add);
    for (String id : List.of("first", "second")) {
      assertThat(broker.publish(new Route(names.events(), "beat"), BrokerContract.message(id)))
          .succeedsWithin(PATIENCE)
          .isEqualTo(Receipt.CONFIRMED);
    }
    await().atMost(PATIENCE).until(() -> got.size() == 4);
    broker.delete(full);
  }

  // ------------------------------------------------------------------------ what is refused

  @Test
  void a_wrong_password_is_reported_at_once_and_not_shown() {
    String uri = SharedBroker.get().uri().replaceAll("//warren:[^@]+@", "//warren:secret@");
    assertThatThrownBy(() -> open(uri))
        .isInstanceOf(BrokerException.class)
        .hasMessageContaining("refuses user 'warren': wrong name or password")
        .hasMessageNotContaining("secret")
        .hasMessageNotContaining("\n");
  }

  @Test
  void a_missing_vhost_is_named() {
    String uri = SharedBroker.get().uri() + "nowhere";
    assertThatThrownBy(() -> open(uri))
        .isInstanceOf(BrokerException.class)
        .hasMessageContaining("vhost 'nowhere'")
        .hasMessageContaining("not found")
        .hasMessageNotContaining("\n");
  }

  @Test
  void a_port_where_nothing_listens_is_named() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    assertThatThrownBy(
            () ->
                RabbitBroker.open(
                    BrokerUri.parse("amqp://127.0.0.1:" + port), "test", Duration.ofMillis(300)))
        .isInstanceOf(BrokerException.class)
        .hasMessageContaining("nothing listens on 127.0.0.1:" + port);
  }

  @Test
  void an_unknown_host_is_named() {
    assertThatThrownBy(
            () ->
                RabbitBroker.open(
                    BrokerUri.parse("amqp://no-such-host.invalid"), "t", Duration.ofMillis(300)))
        .isInstanceOf(BrokerException.class)
        .hasMessageContaining("host no-such-host.invalid:5672 is unknown");
  }

  @Test
  void tls_to_a_port_without_tls_is_reported() {
    String uri = SharedBroker.get().uri().replace("amqp:", "amqps:");
    assertThatThrownBy(() -> open(uri))
        .isInstanceOf(BrokerException.class)
        .hasMessageContaining("TLS")
        .hasMessageNotContaining("\n");
  }

  @Test
  void missing_permissions_are_reported_with_the_queue_and_what_to_grant()
      throws InterruptedException {
    PrivateBroker server = SharedBroker.get();
    server.ctl("add_user", "poor", "pw");
    server.ctl("set_permissions", "poor", "^$", "^warren.*$", "^$");
    PoolNames names = names();
    broker.declare(names.topology());
    RabbitBroker poor = open(server.uri().replaceAll("//warren:[^@]+@", "//poor:pw@"));
    assertThatThrownBy(() -> poor.declare(names().topology()))
        .isInstanceOf(BrokerException.class)
        .hasMessageContaining("warren.")
        .hasMessageContaining("refused")
        .hasMessageContaining("set_permissions");
    assertThatThrownBy(
            () ->
                poor.publish(Route.toQueue(names.tasks()), BrokerContract.message("m"))
                    .get(20, SECONDS))
        .hasCauseInstanceOf(BrokerException.class)
        .hasMessageContaining("queue " + names.tasks())
        .hasMessageContaining("amq.default");
    server.ctl("delete_user", "poor");
  }

  @Test
  void a_queue_that_exists_with_other_arguments_is_named() {
    PoolNames names = names();
    broker.declare(
        Topology.ofQueue(
            new Topology.Queue(names.tasks(), false, Map.of("x-queue-type", "quorum"))));
    assertThatThrownBy(() -> broker.declare(names.topology()))
        .isInstanceOf(BrokerException.class)
        .hasMessageContaining("queue " + names.tasks())
        .hasMessageContaining("exists with other arguments");
  }

  @Test
  void a_bad_message_affects_no_other_message() throws InterruptedException {
    PoolNames names = names();
    broker.declare(names.topology());
    List<CompletableFuture<Receipt>> good = new ArrayList<>();
    List<CompletableFuture<Receipt>> lost = new ArrayList<>();
    Message huge =
        new Message("huge", "t", null, null, 4, Map.of("h", "x".repeat(200_000)), Payload.EMPTY);
    CompletableFuture<Receipt> refused = null;
    for (int i = 0; i < 200; i++) {
      good.add(broker.publish(Route.toQueue(names.tasks()), BrokerContract.message("m" + i)));
      if (i % 50 == 10) {
        lost.add(
            broker.publish(new Route("no-such-exchange", "k"), BrokerContract.message("x" + i)));
      }
      if (i == 100) {
        refused = broker.publish(Route.toQueue(names.tasks()), huge);
      }
    }
    assertThat(good)
        .allSatisfy(f -> assertThat(f).succeedsWithin(PATIENCE).isEqualTo(Receipt.CONFIRMED));
    assertThat(lost)
        .allSatisfy(f -> assertThat(f).succeedsWithin(PATIENCE).isEqualTo(Receipt.UNROUTABLE));
    assertThat(refused).failsWithin(PATIENCE).withThrowableThat().withMessageContaining("huge");
  }

  @Test
  void a_foreign_message_without_id_gets_the_same_one_each_time() throws InterruptedException {
    PoolNames names = names();
    broker.declare(names.topology());
    BlockingQueue<Delivery> got = new LinkedBlockingQueue<>();
    broker.subscribe(names.tasks(), 1, got::add);
    assertThat(
            broker.publish(
                Route.toQueue(names.tasks()),
                new Message("", null, null, null, 4, Map.of("a", 1), Payload.of("[1]"))))
        .succeedsWithin(PATIENCE);
    Delivery first = BrokerContract.next(got);
    first.requeue();
    Delivery second = BrokerContract.next(got);
    assertThat(first.message().id()).startsWith("foreign-");
    assertThat(second.message().id()).isEqualTo(first.message().id());
    assertThat(second.redelivered()).isTrue();
  }

  @Test
  void closing_fails_unconfirmed_messages_and_requeues_unsettled_ones()
      throws InterruptedException {
    PoolNames names = names();
    broker.declare(names.topology());
    RabbitBroker other = open(SharedBroker.get().uri());
    other.declare(names.topology());
    BlockingQueue<Delivery> got = new LinkedBlockingQueue<>();
    other.subscribe(names.tasks(), 2, got::add);
    for (int i = 0; i < 3; i++) {
      assertThat(broker.publish(Route.toQueue(names.tasks()), BrokerContract.message("m" + i)))
          .succeedsWithin(PATIENCE);
    }
    BrokerContract.next(got).ack();
    BrokerContract.next(got);
    other.close();
    other.close();
    await().atMost(PATIENCE).until(() -> broker.depth(names.tasks()).orElseThrow().ready() == 2);
    assertThat(other.publish(Route.toQueue(names.tasks()), BrokerContract.message("late")))
        .failsWithin(PATIENCE)
        .withThrowableThat()
        .withMessageContaining("closed");
    assertThatThrownBy(() -> other.declare(names.topology())).isInstanceOf(BrokerException.class);
  }
}

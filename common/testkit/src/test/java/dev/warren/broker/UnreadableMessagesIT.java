package dev.warren.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.broker.rabbit.QueueBrowser;
import dev.warren.broker.rabbit.RabbitBroker;
import dev.warren.lifecycle.TimeSource;
import dev.warren.testkit.FaultyProxy;
import dev.warren.testkit.ForeignMessages;
import dev.warren.testkit.ForeignProducer;
import dev.warren.testkit.SharedBroker;
import dev.warren.testkit.server.PrivateBroker;
import dev.warren.testkit.server.ServerInstallation;
import dev.warren.wire.Headers;
import dev.warren.wire.Message;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages that RabbitMQ's client cannot decode, and short-lived connections. */
@Tag("versions")
@ParameterizedClass
@MethodSource("dev.warren.testkit.RabbitVersion#chosen")
class UnreadableMessagesIT {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final PrivateBroker server;
  private final PoolNames names = BrokerContract.newNames();
  private final AtomicInteger disconnects = new AtomicInteger();
  private RabbitBroker broker;
  private ForeignProducer producer;

  UnreadableMessagesIT(ServerInstallation installation) {
    server = SharedBroker.of(installation);
  }

  @BeforeEach
  void open() throws Exception {
    broker = RabbitBroker.open(BrokerUri.parse(server.uri()), "test", Duration.ofSeconds(20));
    broker.addListener(
        new BrokerListener() {
          @Override
          public void disconnected(String reason) {
            disconnects.incrementAndGet();
          }
        });
    broker.declare(names.topology());
    producer = ForeignProducer.connect(server.uri() + "%2F");
  }

  @AfterEach
  void close() throws Exception {
    producer.close();
    broker.delete(names.tasks());
    broker.delete(names.dead());
    broker.close();
  }

  private void sendNestedAndPlain(String queue) throws Exception {
    producer.send(queue, "nested", Map.of("h", ForeignMessages.nested(40)), "body");
    producer.send(queue, "plain", Map.of("h", "text"), "body");
    producer.awaitConfirms(PATIENCE);
  }

  private static void checkNested(Message nested) {
    assertThat(nested.id()).isEqualTo("nested");
    assertThat(nested.headers().get(Headers.UNREADABLE).toString()).contains("nested");
    assertThat(nested.body().text()).isEqualTo("body");
  }

  @Test
  void a_message_that_cannot_be_decoded_arrives_and_says_so_on_every_kind_of_queue()
      throws Exception {
    String client = UUID.randomUUID().toString();
    String events = names.events() + "." + client;
    broker.declare(
        PoolNames.resultsTopology(client)
            .and(PoolNames.privateTopology(events, names.events(), "#")));
    for (String queue : List.of(names.tasks(), PoolNames.results(client), names.dead(), events)) {
      BlockingQueue<Delivery> got = new LinkedBlockingQueue<>();
      Subscription subscription = broker.subscribe(queue, 10, got::add);
      sendNestedAndPlain(queue);
      Delivery nested = BrokerContract.next(got);
      checkNested(nested.message());
      nested.ack();
      Delivery plain = BrokerContract.next(got);
      assertThat(plain.message().id()).isEqualTo("plain");
      plain.ack();
      subscription.cancel();
    }
    assertThat(disconnects).hasValue(0);
  }

  @Test
  void a_walk_passes_an_undecodable_message_and_can_remove_it() throws Exception {
    sendNestedAndPlain(names.dead());
    try (QueueBrowser browser = broker.browse(names.dead(), 2)) {
      QueueBrowser.Item nested = browser.next();
      checkNested(nested.message());
      browser.remove(nested);
      assertThat(browser.next().message().id()).isEqualTo("plain");
    }
    await().atMost(PATIENCE).until(() -> broker.depth(names.dead()).orElseThrow().ready() == 1);
  }

  @Test
  void connections_that_stand_but_do_not_last_are_retried_with_growing_waits() throws Exception {
    try (FaultyProxy proxy = FaultyProxy.to(URI.create(server.uri()).getPort())) {
      String uri = server.uri().replaceFirst(":\\d+(/|$)", ":" + proxy.port() + "$1");
      try (RabbitBroker cut =
          RabbitBroker.open(BrokerUri.parse(uri), "test", Duration.ofSeconds(20))) {
        List<Long> times = new ArrayList<>();
        cut.addListener(
            new BrokerListener() {
              @Override
              public void reconnected() {
                times.add(TimeSource.SYSTEM.nanos());
                proxy.cut();
              }
            });
        proxy.cut();
        await().atMost(PATIENCE).until(() -> times.size() >= 6);
        // after the first: at least 0.1, 0.2, 0.4, 0.8 and 1.6 s, less 30 %
        assertThat(Duration.ofNanos(times.get(5) - times.get(0)))
            .isGreaterThan(Duration.ofMillis(1500));
      }
    }
  }
}

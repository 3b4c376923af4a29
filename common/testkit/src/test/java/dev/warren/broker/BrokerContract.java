package dev.warren.broker;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.warren.broker.Broker.QueueDepth;
import dev.warren.broker.Broker.Receipt;
import dev.warren.task.Payload;
import dev.warren.wire.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What every broker guarantees; run against each implementation. */
public interface BrokerContract {

  Broker broker();

  /** Returns names that no other test uses. */
  default PoolNames names() {
    return newNames();
  }

  /** The same as {@link #names()}, for other kinds of tests. */
  static PoolNames newNames() {
    return new PoolNames(
        "t" + Numbers.NEXT.incrementAndGet() + "-" + ProcessHandle.current().pid());
  }

  /** Counts pools. */
  final class Numbers {
    private static final AtomicInteger NEXT = new AtomicInteger();

    private Numbers() {}
  }

  static Message message(String id, int priority) {
    return new Message(id, "t", null, null, priority, Map.of(), Payload.of("body of " + id));
  }

  static Message message(String id) {
    return message(id, 4);
  }

  static Delivery next(BlockingQueue<Delivery> deliveries) throws InterruptedException {
    Delivery delivery = deliveries.poll(20, SECONDS);
    assertThat(delivery).as("a delivery within 20 s").isNotNull();
    return delivery;
  }

  private PoolNames declared() {
    PoolNames names = names();
    broker().declare(names.topology());
    return names;
  }

  private Receipt publish(String queue, Message message) throws InterruptedException {
    return receipt(Route.toQueue(queue), message);
  }

  private Receipt receipt(Route route, Message message) throws InterruptedException {
    try {
      return broker().publish(route, message).get(20, SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError("publishing to " + route, e);
    }
  }

  @Test
  default void a_message_arrives_as_it_was_sent() throws InterruptedException {
    PoolNames names = declared();
    BlockingQueue<Delivery> got = new LinkedBlockingQueue<>();
    broker().subscribe(names.tasks(), 10, got::add);
    Message sent =
        new Message(
            "m-1",
            "warren.task",
            "reply",
            "corr",
            9,
            Map.of("s", "text", "i", 7, "l", 1L << 40, "b", true),
            Payload.of("{\"ü\":1}\n[]"));
    assertThat(publish(names.tasks(), sent)).isEqualTo(Receipt.CONFIRMED);
    Delivery delivery = next(got);
    assertThat(delivery.message()).isEqualTo(sent);
    assertThat(delivery.redelivered()).isFalse();
    assertThat(delivery.live()).isTrue();
    delivery.ack();
  }

  @Test
  default void a_message_for_no_queue_is_unroutable() throws InterruptedException {
    PoolNames names = declared();
    assertThat(publish(names.tasks() + ".none", message("m"))).isEqualTo(Receipt.UNROUTABLE);
    assertThat(receipt(new Route(names.events(), "worker.heartbeat"), message("m")))
        .isEqualTo(Receipt.UNROUTABLE);
    assertThat(publish(names.tasks(), message("m"))).isEqualTo(Receipt.CONFIRMED);
  }

  /**
   * RabbitMQ forgets acknowledgements of a quorum queue if their channel is closed at once; the
   * messages of one round would come back in a later one.
   */
  @Test
  default void acknowledged_messages_do_not_come_back_when_the_prefetch_changes()
      throws InterruptedException {
    PoolNames names = declared();
    BlockingQueue<Delivery> got = new LinkedBlockingQueue<>();
    Subscription subscription = broker().subscribe(names.tasks(), 1000, got::add);
    for (int round = 1; round <= 4; round++) {
      for (int i = 0; i < 1000; i++) {
        var unused = broker().publish(Route.toQueue(names.tasks()), message(round + "." + i));
      }
      List<Delivery> all = new ArrayList<>();
      while (all.size() < 1000) {
        Delivery delivery = next(got);
        assertThat(delivery.message().id()).startsWith(round + ".");
        all.add(delivery);
      }
      Collections.shuffle(all, new Random(round)); // in order, they would travel as one
      all.forEach(Delivery::ack);
      subscription.prefetch(1000 + round);
    }
    assertThat(got).isEmpty();
  }

  @Test
  default void a_paused_subscription_gets_nothing_until_it_is_given_a_prefetch_again()
      throws InterruptedException {
    PoolNames names = declared();
    BlockingQueue<Delivery> got = new LinkedBlockingQueue<>();
    Subscription subscription = broker().subscribe(names.tasks(), 10, got::add);
    publish(names.tasks(), message("m0"));
    Delivery held = next(got);
    CountDownLatch paused = new CountDownLatch(1);
    subscription.pause(paused::countDown);
    assertThat(paused.await(20, SECONDS)).isTrue();
    publish(names.tasks(), message("m1"));
    held.ack();
    await().until(() -> broker().depth(names.tasks()).orElseThrow().ready() == 1);
    assertThat(got).isEmpty();
    subscription.prefetch(10);
    Delivery later = next(got);
    assertThat(later.message().id()).isEqualTo("m1");
    assertThat(later.redelivered()).isFalse();
    later.ack();
    await().until(() -> broker().depth(names.tasks()).orElseThrow().ready() == 0);
  }

  @Test
  default void prefetch_bounds_unsettled_deliveries_and_an_ack_frees_a_place()
      throws InterruptedException {
    PoolNames names = declared();
    for (int i = 0; i < 5; i++) {
      publish(names.tasks(), message("m" + i));
    }
    BlockingQueue<Delivery> got = new LinkedBlockingQueue<>();
    Subscription subscription = broker().subscribe(names.tasks(), 2, got::add);
    Delivery first = next(got);
    Delivery second = next(got);
    await().until(() -> broker().depth(names.tasks()).equals(depth(3, 1)));
    first.ack();
    first.ack();
    Delivery third = next(got);
    assertThat(List.of(first, second, third))
        .extracting(d -> d.message().id())
        .containsExactly("m0", "m1", "m2");
    subscription.prefetch(10);
    assertThat(next(got).message().id()).isEqualTo("m3");
    assertThat(next(got).message().id()).isEqualTo("m4");
  }

  @Test
  default void unsettled_deliveries_count_against_a_changed_prefetch() throws InterruptedException {
    PoolNames names = declared();
    for (int i = 0; i < 7; i++) {
      publish(names.tasks(), message("m" + i));
    }
    BlockingQueue<Delivery> got = new LinkedBlockingQueue<>();
    Subscription subscription = broker().subscribe(names.tasks(), 5, got::add);
    List<Delivery> held = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      held.add(next(got));
    }
    subscription.prefetch(2);
    for (int i = 0; i < 3; i++) {
      held.get(i).ack();
    }
    // two are unsettled; a message of another queue shows that none has arrived meanwhile
    await().until(() -> broker().depth(names.tasks()).orElseThrow().ready() == 2);
    PoolNames others = declared();
    BlockingQueue<Delivery> gotThere = new LinkedBlockingQueue<>();
    broker().subscribe(others.tasks(), 1, gotThere::add);
    publish(others.tasks(), message("other"));
    next(gotThere).ack();
    assertThat(got).isEmpty();
    held.get(3).ack();
    held.get(4).ack();
    assertThat(next(got).message().id()).isEqualTo("m5");
    assertThat(next(got).message().id()).isEqualTo("m6");
  }

  private static java.util.Optional<QueueDepth> depth(int ready, int consumers) {
    return java.util.Optional.of(new QueueDepth(ready, consumers));
  }

  @Test
  default void changing_the_prefetch_or_cancelling_under_load_marks_nothing_redelivered()
      throws InterruptedException {
    PoolNames names = declared();
    int count = 2000;
    List<CompletableFuture<Receipt>> published = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      published.add(broker().publish(Route.toQueue(names.tasks()), message("m" + i)));
    }
    published.forEach(one -> assertThat(one).succeedsWithin(20, SECONDS));
    BlockingQueue<Delivery> got = new LinkedBlockingQueue<>();
    Subscription subscription = broker().subscribe(names.tasks(), 10, got::add);
    for (int i = 1; i <= count; i++) {
      Delivery delivery = next(got);
      assertThat(delivery.redelivered()).as("delivery %d is a repeated one", i).isFalse();
      delivery.ack();
      if (i % 500 == 0) {
        subscription.cancel();
        subscription = broker().subscribe(names.tasks(), 10, got::add);
      } else if (i % 50 == 0) {
        subscription.prefetch(i % 100 == 0 ? 10 : 40);
      }
    }
    assertThat(got).isEmpty();
    assertThat(subscription.ended()).isFalse();
    subscription.cancel();
    await().until(subscription::ended);
  }

  @Test
  default void a_requeued_message_is_delivered_first_and_marked_redelivered()
      throws InterruptedException {
    PoolNames names = declared();
    for (int i = 0; i < 4; i++) {
      publish(names.tasks(), message("m" + i));
    }
    BlockingQueue<Delivery> got = new LinkedBlockingQueue<>();
    Subscription first = broker().subscribe(names.tasks(), 2, got::add);
    Delivery zero = next(got);
    Delivery one = next(got);
    first.cancel();
    zero.requeue();
    one.requeue();
    await().until(() -> broker().depth(names.tasks()).equals(depth(4, 0)));
    broker().subscribe(names.tasks(), 10, got::add);
    List<Delivery> again = List.of(next(got), next(got), next(got), next(got));
    assertThat(again)
        .extracting(d -> d.message().id())
        .containsExactlyInAnyOrder("m0", "m1", "m2", "m3");
    assertThat(again)
        .filteredOn(Delivery::redelivered)
        .extracting(d -> d.message().id())
        .containsExactlyInAnyOrder("m0", "m1");
    again.forEach(Delivery::ack);
  }

  @Test
  default void deliveries_stay_valid_after_their_subscription_is_cancelled()
      throws InterruptedException {
    PoolNames names = declared();
    publish(names.tasks(), message("m"));
    BlockingQueue<Delivery> got = new LinkedBlockingQueue<>();
    Subscription subscription = broker().subscribe(names.tasks(), 1, got::add);
    Delivery delivery = next(got);
    subscription.cancel();
    subscription.cancel();
    delivery.ack();
    await().until(() -> broker().depth(names.tasks()).equals(depth(0, 0)));
  }

  @Test
  default void exchanges_copy_to_every_bound_queue() throws InterruptedException {
    PoolNames names = declared();
    String fan = names.pool() + ".fan";
    String some = names.pool() + ".some";
    broker().declare(PoolNames.privateTopology(fan, names.control(), ""));
    broker().declare(PoolNames.privateTopology(some, names.control(), ""));
    broker().declare(PoolNames.privateTopology(some, names.events(), "worker.#"));
    BlockingQueue<Delivery> got = new LinkedBlockingQueue<>();
    broker().subscribe(fan, 10, got::add);
    broker().subscribe(some, 10, got::add);
    assertThat(receipt(new Route(names.control(), ""), message("c"))).isEqualTo(Receipt.CONFIRMED);
    assertThat(next(got).message().id()).isEqualTo("c");
    assertThat(next(got).message().id()).isEqualTo("c");
    assertThat(receipt(new Route(names.events(), "job.x"), message("e")))
        .isEqualTo(Receipt.UNROUTABLE);
    receipt(new Route(names.events(), "worker.heartbeat"), message("h"));
    assertThat(next(got).message().id()).isEqualTo("h");
    assertThat(got).isEmpty();
  }

  @Test
  default void a_delayed_message_is_delivered_soon_after_its_delay() throws InterruptedException {
    PoolNames names = declared();
    broker().declare(names.delayTopology(200));
    BlockingQueue<Delivery> got = new LinkedBlockingQueue<>();
    broker().subscribe(names.again(), 10, got::add);
    long start = System.nanoTime();
    publish(names.delay(200), message("late1"));
    publish(names.delay(200), message("late2"));
    Delivery first = next(got);
    assertThat(System.nanoTime() - start).isGreaterThan(195_000_000L);
    assertThat(first.message().id()).isEqualTo("late1");
    assertThat(first.message().body().text()).isEqualTo("body of late1");
    assertThat(next(got).message().id()).isEqualTo("late2");
  }

  @Test
  default void a_deleted_queue_loses_its_messages() throws InterruptedException {
    PoolNames names = declared();
    String client = names.pool();
    broker().declare(PoolNames.resultsTopology(client));
    assertThat(publish(PoolNames.results(client), message("r"))).isEqualTo(Receipt.CONFIRMED);
    broker().delete(PoolNames.results(client));
    assertThat(broker().depth(PoolNames.results(client))).isEmpty();
    assertThat(publish(PoolNames.results(client), message("r"))).isEqualTo(Receipt.UNROUTABLE);
    broker().delete(PoolNames.results(client));
  }

  @Test
  default void a_body_over_the_limit_is_refused_with_both_sizes() {
    PoolNames names = declared();
    byte[] big = new byte[broker().maxBodyBytes() + 1];
    Message message = new Message("big", "t", null, null, 4, Map.of(), Payload.of(big));
    CompletableFuture<Receipt> receipt = broker().publish(Route.toQueue(names.tasks()), message);
    assertThatThrownBy(() -> receipt.get(20, SECONDS))
        .hasCauseInstanceOf(BrokerException.class)
        .hasMessageContaining(String.valueOf(big.length))
        .hasMessageContaining(String.valueOf(broker().maxBodyBytes()));
  }

  @Test
  default void an_undeclared_queue_cannot_be_subscribed() {
    assertThatThrownBy(() -> broker().subscribe("nowhere", 1, d -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("nowhere");
  }

  @Test
  default void prefetch_out_of_range_is_refused() {
    PoolNames names = declared();
    assertThatThrownBy(() -> broker().subscribe(names.tasks(), 2001, d -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("prefetch is 2001; must be 1 to 2000");
  }

  @Test
  default void a_handler_that_throws_affects_no_other_delivery() throws InterruptedException {
    PoolNames names = declared();
    BlockingQueue<Delivery> got = new LinkedBlockingQueue<>();
    broker()
        .subscribe(
            names.tasks(),
            10,
            delivery -> {
              if (delivery.message().id().equals("bad")) {
                throw new IllegalStateException("thrown on purpose by a test");
              }
              got.add(delivery);
            });
    publish(names.tasks(), message("bad"));
    publish(names.tasks(), message("good"));
    assertThat(next(got).message().id()).isEqualTo("good");
  }

  @Test
  default void changes_of_the_prefetch_and_new_subscriptions_lose_no_message()
      throws InterruptedException {
    PoolNames names = declared();
    int messages = 2000;
    Map<String, Integer> settled = new ConcurrentHashMap<>();
    AtomicInteger handed = new AtomicInteger();
    AtomicReference<Subscription> current = new AtomicReference<>();
    Consumer<Delivery> handler =
        delivery -> {
          int number = handed.incrementAndGet();
          Subscription subscription = current.get();
          if (number % 100 == 0 && subscription != null) {
            subscription.prefetch(1 + number % 37);
          }
          if (number % 7 == 0) {
            delivery.requeue();
          } else {
            settled.merge(delivery.message().id(), 1, Integer::sum);
            delivery.ack();
          }
        };
    current.set(broker().subscribe(names.tasks(), 20, handler));
    for (int i = 0; i < messages; i++) {
      assertThat(broker().publish(Route.toQueue(names.tasks()), message("m" + i))).isNotNull();
      if (i % 500 == 499) {
        Subscription old = current.getAndSet(broker().subscribe(names.tasks(), 5, handler));
        old.cancel();
      }
    }
    await().atMost(Duration.ofMinutes(3)).until(() -> settled.size() == messages);
    await().until(() -> broker().depth(names.tasks()).equals(depth(0, 1)));
    assertThat(settled.values()).containsOnly(1);
  }

  @Test
  default void many_publishers_and_consumers_lose_and_duplicate_nothing()
      throws InterruptedException {
    PoolNames names = declared();
    int publishers = 4;
    int each = 500;
    BlockingQueue<String> got = new LinkedBlockingQueue<>();
    for (int i = 0; i < 3; i++) {
      broker()
          .subscribe(
              names.tasks(),
              7,
              delivery -> {
                got.add(delivery.message().id());
                delivery.ack();
              });
    }
    List<Thread> threads = new ArrayList<>();
    for (int p = 0; p < publishers; p++) {
      int publisher = p;
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < each; i++) {
                  var unused =
                      broker()
                          .publish(
                              Route.toQueue(names.tasks()),
                              BrokerContract.message("m" + publisher + "-" + i));
                }
              });
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    await().until(() -> got.size() >= publishers * each);
    assertThat(got).doesNotHaveDuplicates().hasSize(publishers * each);
    await().until(() -> broker().depth(names.tasks()).equals(depth(0, 3)));
    assertThat(broker().unconfirmed()).isZero();
  }
}

package dev.warren.broker.memory;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.broker.Broker;
import dev.warren.broker.Broker.Receipt;
import dev.warren.broker.BrokerContract;
import dev.warren.broker.BrokerException;
import dev.warren.broker.Delivery;
import dev.warren.broker.PoolNames;
import dev.warren.broker.Route;
import dev.warren.broker.Subscription;
import dev.warren.wire.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InMemoryBrokerTest implements BrokerContract {
  private final InMemoryBroker broker = InMemoryBroker.open();
  private final PoolNames names = new PoolNames("p");

  @AfterEach
  void close() {
    broker.close();
  }

  @Override
  public Broker broker() {
    return broker;
  }

  private void publish(Message message) {
    assertThat(broker.publish(Route.toQueue(names.tasks()), message))
        .isCompletedWithValue(Receipt.CONFIRMED);
  }

  @Test
  void delivery_runs_on_the_publishing_thread() {
    broker.declare(names.topology());
    AtomicReference<Thread> thread = new AtomicReference<>();
    broker.subscribe(names.tasks(), 1, d -> thread.set(Thread.currentThread()));
    publish(BrokerContract.message("m"));
    assertThat(thread.get()).isSameAs(Thread.currentThread());
  }

  @Test
  void higher_priorities_come_first_and_equal_ones_in_order() {
    broker.declare(names.topology());
    int[] priorities = {0, 9, 4, 31, 9, 4};
    for (int i = 0; i < priorities.length; i++) {
      publish(BrokerContract.message("m" + i, priorities[i]));
    }
    List<String> order = new ArrayList<>();
    broker.subscribe(names.tasks(), 10, d -> order.add(d.message().id()));
    assertThat(order).containsExactly("m3", "m1", "m4", "m2", "m5", "m0");
  }

  @Test
  void requeued_messages_keep_their_order() {
    broker.declare(names.topology());
    for (int i = 0; i < 4; i++) {
      publish(BrokerContract.message("m" + i));
    }
    List<Delivery> held = new ArrayList<>();
    Subscription subscription = broker.subscribe(names.tasks(), 3, held::add);
    subscription.cancel();
    List.of(1, 2, 0).forEach(i -> held.get(i).requeue());
    List<String> order = new ArrayList<>();
    broker.subscribe(names.tasks(), 10, d -> order.add(d.message().id()));
    assertThat(order).containsExactly("m0", "m1", "m2", "m3");
  }

  @Test
  void a_handler_is_called_neither_concurrently_nor_recursively() throws InterruptedException {
    broker.declare(names.topology());
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    int messages = 20_000;
    CountDownLatch all = new CountDownLatch(messages);
    AtomicInteger more = new AtomicInteger(messages / 2);
    broker.subscribe(
        names.tasks(),
        100,
        delivery -> {
          most.accumulateAndGet(inside.incrementAndGet(), Math::max);
          delivery.ack();
          if (more.decrementAndGet() >= 0) {
            publish(BrokerContract.message("again"));
          }
          inside.decrementAndGet();
          all.countDown();
        });
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < 2; t++) {
      Thread thread =
          new Thread(
              () -> {
                for (int i = 0; i < messages / 4; i++) {
                  publish(BrokerContract.message("m"));
                }
              });
      thread.start();
      threads.add(thread);
    }
    assertThat(all.await(20, SECONDS)).isTrue();
    assertThat(most).hasValue(1);
    for (Thread thread : threads) {
      thread.join();
    }
  }

  @Test
  void a_publisher_is_not_blocked_forever_by_messages_of_others() throws InterruptedException {
    broker.declare(names.topology());
    CountDownLatch returned = new CountDownLatch(1);
    CountDownLatch seen = new CountDownLatch(1);
    broker.subscribe(
        names.tasks(),
        1,
        delivery -> {
          delivery.ack();
          if (returned.getCount() > 0) {
            publish(BrokerContract.message("endless"));
          } else {
            seen.countDown();
          }
        });
    publish(BrokerContract.message("first"));
    returned.countDown();
    assertThat(seen.await(20, SECONDS)).isTrue();
  }

  @Test
  void every_method_fails_after_close() {
    broker.declare(names.topology());
    broker.close();
    broker.close();
    CompletableFuture<Receipt> late =
        broker.publish(Route.toQueue(names.tasks()), BrokerContract.message("m"));
    assertThatThrownBy(() -> late.get(1, SECONDS)).hasCauseInstanceOf(BrokerException.class);
    assertThatThrownBy(() -> broker.declare(names.topology())).isInstanceOf(BrokerException.class);
    assertThat(broker.connected()).isFalse();
  }
}

package dev.warren.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.broker.Broker;
import dev.warren.broker.PoolNames;
import dev.warren.broker.Route;
import dev.warren.broker.memory.InMemoryBroker;
import dev.warren.task.ChildContext;
import dev.warren.wire.Message;
import dev.warren.worker.config.WorkerConfig;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls longer than the broker's delivery timeout, on an in-memory broker. */
class LongCallsIT {
  private static final Duration SOON = Duration.ofMinutes(3);
  private static final Duration TIMEOUT = Duration.ofMillis(1500);

  private final PoolNames names = new PoolNames("default");
  private final Broker broker = InMemoryBroker.open();
  private final Queue<Message> renewals = new ConcurrentLinkedQueue<>();
  private final Worker worker = Worker.start(config(), impatient(), event -> {});

  private static WorkerConfig config() {
    return WorkerConfig.builder().processes(1).context(ChildContext.threads()).build();
  }

  @AfterEach
  void close() {
    worker.close();
    broker.close();
  }

  /** The broker as the worker sees it, with a short delivery timeout. */
  private Broker impatient() {
    return (Broker)
        Proxy.newProxyInstance(
            Broker.class.getClassLoader(),
            new Class<?>[] {Broker.class},
            (proxy, method, args) -> {
              if (method.getName().equals("deliveryTimeout")) {
                return TIMEOUT;
              }
              if (args != null && args[0] instanceof Route route && isLease(route.key())) {
                renewals.add((Message) args[1]);
              }
              try {
                return method.invoke(broker, args);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private boolean isLease(String queue) {
    return queue.equals(names.lease(worker.id()));
  }

  @Test
  void a_call_longer_than_the_delivery_timeout_is_renewed_and_runs_once() {
    TestOwner owner = new TestOwner(broker, "default");
    owner.submit("pidAfter", List.of(4000), 1);
    await().atMost(SOON).until(() -> owner.ended() == 1);
    assertThat(owner.succeeded(0)).isTrue();
    assertThat(renewals.size()).isPositive();
    assertThat(renewals).extracting(Message::id).containsOnly(renewals.element().id());
    worker.close();
    assertThat(broker.depth(names.tasks()).orElseThrow().ready()).isZero();
    assertThat(broker.depth(names.again()).orElseThrow().ready()).isZero();
    assertThat(broker.depth(names.lease(worker.id())).orElseThrow().ready()).isZero();
    assertThat(owner.repeats()).isZero();
  }
}

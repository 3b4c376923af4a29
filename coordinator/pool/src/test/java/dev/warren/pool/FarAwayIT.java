package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.broker.Broker;
import dev.warren.broker.BrokerUri;
import dev.warren.broker.Delivery;
import dev.warren.broker.rabbit.RabbitBroker;
import dev.warren.task.ChildContext;
import dev.warren.testkit.FaultyProxy;
import dev.warren.testkit.SharedBroker;
import dev.warren.wire.Message;
import dev.warren.worker.Worker;
import dev.warren.worker.config.WorkerConfig;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Workers and coordinators behind a slow network. */
@Timeout(600)
class FarAwayIT {
  private static final Duration SOON = Duration.ofMinutes(3);
  private static final int SLOTS = 4;
  private static final int BYTES_PER_SECOND = 100_000;

  /** Silence after which a worker with a heartbeat every second is considered gone. */
  private static final Duration SILENCE = Duration.ofSeconds(5);

  private final AtomicInteger held = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private FaultyProxy proxy;

  @BeforeEach
  void open() throws Exception {
    proxy = FaultyProxy.to(SharedBroker.get().port());
  }

  @AfterEach
  void close() throws Exception {
    proxy.close();
  }

  private String near(String pool) {
    return SharedBroker.get().uri() + "?pool=" + pool + ProcessHandle.current().pid();
  }

  private String far(String pool) {
    return near(pool).replace(":" + SharedBroker.get().port(), ":" + proxy.port());
  }

  /** A worker whose deliveries are counted. */
  private AutoCloseable worker(String uri) throws InterruptedException {
    BrokerUri parsed = BrokerUri.parse(uri);
    RabbitBroker broker = RabbitBroker.open(parsed, "worker", Duration.ofSeconds(20));
    WorkerConfig config =
        WorkerConfig.builder()
            .pool(parsed.pool())
            .processes(SLOTS)
            .context(ChildContext.threads())
            .heartbeat(WorkerConfig.SHORTEST_HEARTBEAT)
            .build();
    Worker worker = Worker.start(config, counting(broker), event -> {});
    return () -> {
      worker.close();
      broker.close();
    };
  }

  private Broker counting(Broker broker) {
    return (Broker)
        Proxy.newProxyInstance(
            Broker.class.getClassLoader(),
            new Class<?>[] {Broker.class},
            (self, method, args) -> {
              if (method.getName().equals("subscribe") && args[0].toString().endsWith(".tasks")) {
                @SuppressWarnings("unchecked")
                Consumer<Delivery> handler = (Consumer<Delivery>) args[2];
                args[2] = (Consumer<Delivery>) delivery -> handler.accept(new Counted(delivery));
              }
              try {
                return method.invoke(broker, args);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Test
  void a_worker_far_from_the_broker_holds_enough_to_keep_its_slots_busy() throws Exception {
    proxy.latency(Duration.ofMillis(50));
    try (Pool pool = Pool.open(near("farworker"));
        AutoCloseable worker = worker(far("farworker"))) {
      assertThat(worker).isNotNull();
      List<Integer> calls = Collections.nCopies(300, 50);
      assertThat(pool.map(Functions::sleep, calls)).hasSize(300);
      // a call takes 50 ms; its delivery is held for 150 ms by the worker and 250 ms by the broker
      assertThat(most.get()).as("most deliveries held at once").isGreaterThanOrEqualTo(10);
      assertThat(most.get()).as("most deliveries held at once").isLessThanOrEqualTo(60);
      await().atMost(SOON).until(() -> held.get() == 0);
    }
  }

  @Test
  void a_worker_with_a_slow_network_does_not_prefetch_long_calls() throws Exception {
    proxy.latency(Duration.ofMillis(50));
    try (Pool pool = Pool.open(near("farlong"));
        AutoCloseable worker = worker(far("farlong"))) {
      assertThat(worker).isNotNull();
      assertThat(pool.map(Functions::sleep, Collections.nCopies(12, 2000))).hasSize(12);
      assertThat(most.get()).as("most deliveries held at once").isEqualTo(SLOTS);
    }
  }

  @Test
  void a_worker_whose_heartbeats_wait_behind_large_results_is_not_taken_for_gone()
      throws Exception {
    List<String> left = new CopyOnWriteArrayList<>();
    PoolListener listener =
        new PoolListener() {
          @Override
          public void workerLeft(String worker, String host, boolean expected) {
            left.add(worker);
          }
        };
    try (AutoCloseable worker = worker(near("slowline"));
        Pool pool = Pool.builder().uri(far("slowline")).listener(listener).open()) {
      assertThat(worker).isNotNull();
      await().atMost(SOON).until(() -> pool.processes() == SLOTS);
      proxy.rate(BYTES_PER_SECOND);
      // the line needs twice as long for the results as a worker's heartbeats may be missing
      int size = 500_000;
      int count = (int) (2 * SILENCE.toSeconds() * BYTES_PER_SECOND / size);
      List<String> results = pool.map(Functions::large, Collections.nCopies(count, size));
      assertThat(results).hasSize(count).allMatch(result -> result.length() == size);
      assertThat(left).isEmpty();
      proxy.rate(0);
    }
  }

  /** A delivery that is counted until it is settled. */
  private final class Counted implements Delivery {
    private final Delivery delivery;

    Counted(Delivery delivery) {
      this.delivery = delivery;
      most.accumulateAndGet(held.incrementAndGet(), Math::max);
    }

    @Override
    public Message message() {
      return delivery.message();
    }

    @Override
    public boolean redelivered() {
      return delivery.redelivered();
    }

    @Override
    public void ack() {
      held.decrementAndGet();
      delivery.ack();
    }

    @Override
    public void requeue() {
      held.decrementAndGet();
      delivery.requeue();
    }

    @Override
    public boolean live() {
      return delivery.live();
    }
  }
}

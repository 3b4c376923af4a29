package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.warren.broker.BrokerUri;
import dev.warren.broker.Topology;
import dev.warren.broker.rabbit.RabbitBroker;
import dev.warren.task.ChildContext;
import dev.warren.task.TaskOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Behaviour specific to a pool over a broker; everything else is tested on every site. */
@Timeout(600)
@Tag("conformance")
@ExtendWith(Site.Closing.class)
class AmqpPoolIT {
  private static final Duration SOON = Duration.ofMinutes(3);

  /** Number of calls without priority, submitted before the one with a priority. */
  private static final int LOW = 60;

  @ParameterizedTest
  @MethodSource("dev.warren.pool.Site#brokers")
  void a_submitted_call_survives_the_pool_that_submitted_it(Site site, @TempDir Path folder)
      throws Exception {
    Path begun = folder.resolve("busy");
    Path file = folder.resolve("survives");
    for (int i = 0; i < Site.SLOTS; i++) {
      site.pool().submit(Functions::note, begun.toString(), "busy", 1000);
    }
    Pool own = site.builder().open();
    own.submit(Functions::note, file.toString(), "done", 0);
    own.terminate();
    assertThat(own.join(SOON)).isTrue();
    await().atMost(SOON).until(() -> Files.exists(file));
  }

  @ParameterizedTest
  @MethodSource("dev.warren.pool.Site#brokers")
  void the_outcome_of_a_submitted_call_goes_to_the_queue_it_names(Site site) throws Exception {
    String queue = "warren.results.elsewhere" + ProcessHandle.current().pid();
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    try (RabbitBroker broker =
        RabbitBroker.open(BrokerUri.parse(site.uri()), "elsewhere", Duration.ofSeconds(30))) {
      broker.declare(
          new Topology(List.of(), List.of(new Topology.Queue(queue, false, Map.of())), List.of()));
      broker.subscribe(
          queue,
          10,
          delivery -> {
            heard.add(delivery.message().correlationId() + " " + delivery.message().body().text());
            delivery.ack();
          });
      TaskOptions options = TaskOptions.builder().replyTo(queue).build();
      String id = site.pool().with(options).submit(Functions::twice, 21);
      assertThat(heard.poll(3, TimeUnit.MINUTES)).isEqualTo(id + " {\"value\":42}");
      broker.delete(queue);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.warren.pool.Site#brokers")
  void both_workers_take_part(Site site) throws Exception {
    Pool pool = site.pool();
    Set<String> workers = new HashSet<>();
    await()
        .atMost(SOON)
        .until(
            () -> {
              workers.addAll(pool.map(Functions::supervisor, Collections.nCopies(20, 20), 1));
              return workers.size() == Site.WORKERS;
            });
  }

  @ParameterizedTest
  @MethodSource("dev.warren.pool.Site#brokers")
  void the_context_of_children_is_the_workers_own_setting(Site site) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> site.builder().context(ChildContext.jvm()).open())
        .withMessageContaining("context");
  }

  @ParameterizedTest
  @MethodSource("dev.warren.pool.Site#brokers")
  void a_call_that_waits_for_its_own_pool_is_told_of_unless_it_waits_with_a_timeout(Site site)
      throws Exception {
    Pool pool = site.pool();
    List<String> told = pool.apply(OwnPoolFunctions::waitForOwnPool, site.uri(), false);
    assertThat(told).hasSize(1);
    assertThat(told.get(0)).startsWith("WARN").contains("without a timeout", pool.name());
    assertThat(pool.apply(OwnPoolFunctions::waitForOwnPool, site.uri(), true)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("dev.warren.pool.Site#brokers")
  void a_listener_is_notified_of_workers(Site site) throws Exception {
    site.pool();
    Set<String> heard = new ConcurrentSkipListSet<>();
    PoolListener listener =
        new PoolListener() {
          @Override
          public void workerJoined(String worker, String host, int slots) {
            heard.add(worker + " with " + slots);
          }
        };
    try (Pool pool = site.builder().listener(listener).open()) {
      await().atMost(SOON).until(() -> heard.size() == Site.WORKERS);
      assertThat(heard).allMatch(worker -> worker.endsWith(" with 2"));
      assertThat(pool.processes()).isEqualTo(Site.SLOTS);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.warren.pool.Site#brokers")
  void the_queue_orders_by_priority_from_rabbitmq_4_on(Site site, @TempDir Path folder)
      throws Exception {
    String name = "priority" + ProcessHandle.current().pid();
    String uri = site.server().uri() + "?pool=" + name;
    Path file = folder.resolve("order");
    List<AsyncResult<Integer>> all = new ArrayList<>();
    TaskOptions single = TaskOptions.builder().coalesce(false).build();
    TaskOptions urgent = TaskOptions.builder().coalesce(false).priority(9).build();
    try (Pool pool = Pool.open(uri);
        RabbitBroker broker =
            RabbitBroker.open(BrokerUri.parse(uri), "test", Duration.ofSeconds(20))) {
      for (int i = 0; i < LOW; i++) {
        all.add(pool.with(single).applyAsync(Functions::note, file.toString(), "low", 1));
      }
      all.add(pool.with(urgent).applyAsync(Functions::note, file.toString(), "high", 1));
      // all of them wait there before the first is consumed
      String tasks = "warren." + name + ".tasks";
      await().atMost(SOON).until(() -> broker.depth(tasks).orElseThrow().ready() == LOW + 1);
      try (AutoCloseable worker = Site.startWorker(uri, "one slot", 1)) {
        assertThat(worker).isNotNull();
        for (AsyncResult<Integer> each : all) {
          assertThat(each.await(SOON)).isTrue();
        }
      }
    }
    List<String> order = Files.readAllLines(file);
    assertThat(order).hasSize(LOW + 1).containsOnlyOnce("high");
    boolean ordered = !site.server().ctl("version").startsWith("3.");
    assertThat(order.indexOf("high")).isEqualTo(ordered ? 0 : LOW);
  }
}

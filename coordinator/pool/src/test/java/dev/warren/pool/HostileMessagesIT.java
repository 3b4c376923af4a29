package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP.BasicProperties;
import dev.warren.broker.BrokerUri;
import dev.warren.broker.PoolNames;
import dev.warren.broker.Topology;
import dev.warren.broker.rabbit.QueueBrowser;
import dev.warren.broker.rabbit.RabbitBroker;
import dev.warren.task.Payload;
import dev.warren.testkit.ForeignMessages.Foreign;
import dev.warren.testkit.ForeignProducer;
import dev.warren.testkit.HostileMessages;
import dev.warren.wire.Headers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages of hostile or broken producers, on each kind of queue, beside a working pool. */
@Timeout(600)
@Tag("conformance")
@ExtendWith(Site.Closing.class)
class HostileMessagesIT {
  private static final Duration SOON = Duration.ofMinutes(3);
  private static final int BRIEF = 300;
  private static final int STRESS = 20_000;

  private final String name = "hostile-" + UUID.randomUUID();
  private final PoolNames names = new PoolNames(name);

  @ParameterizedTest
  @MethodSource("dev.warren.pool.Site#brokers")
  void hostile_messages_on_every_queue_cost_only_themselves(Site site) throws Exception {
    floodEveryQueue(site, BRIEF);
  }

  @Tag("stress")
  @Timeout(3600)
  @ParameterizedTest
  @MethodSource("dev.warren.pool.Site#brokers")
  void twenty_thousand_hostile_messages_on_every_queue_affect_no_other(Site site) throws Exception {
    floodEveryQueue(site, STRESS);
  }

  private static long usedHeap() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private String uri(Site site) {
    return site.server().uri() + "?pool=" + name;
  }

  private static ForeignProducer producer(Site site) throws Exception {
    return ForeignProducer.connect(site.server().uri() + "%2F");
  }

  private void floodEveryQueue(Site site, int each) throws Exception {
    AtomicInteger lost = new AtomicInteger();
    PoolListener listener =
        new PoolListener() {
          @Override
          public void brokerLost(String reason) {
            lost.incrementAndGet();
          }
        };
    try (AutoCloseable worker = Site.startWorker(uri(site), "worker", 2);
        Pool pool = Pool.builder().uri(uri(site)).listener(listener).open();
        ForeignProducer producer = producer(site);
        RabbitBroker broker =
            RabbitBroker.open(BrokerUri.parse(uri(site)), "test", Duration.ofSeconds(20))) {
      assertThat(worker).isNotNull();
      assertThat(pool.apply(Functions::twice, 5)).isEqualTo(10);
      List<String> queues = queues(site, producer.replies());
      HostileMessages hostile = new HostileMessages(new Random(each), producer.replies());
      List<AsyncResult<Integer>> good = new ArrayList<>();
      long before = usedHeap();
      for (int i = 0; i < each; i++) {
        for (String queue : queues) {
          producer.send(queue, hostile.next());
        }
        if (i % 10 == 0) {
          good.add(pool.applyAsync(Functions::twice, i));
        }
        if (i % 100 == 99) {
          producer.awaitConfirms(SOON);
          good.get(good.size() - 1).await(SOON);
        }
      }
      for (int i = 0; i < good.size(); i++) {
        assertThat(good.get(i).get(SOON)).isEqualTo(20 * i);
      }
      await().atMost(SOON).until(() -> broker.depth(names.tasks()).orElseThrow().ready() == 0);
      assertThat(pool.apply(Functions::twice, 7)).isEqualTo(14);
      // the pool and the worker run in this process; bounded tables may be full now
      assertThat(usedHeap() - before).as("heap more than before").isLessThan(100L << 20);
      // the messages put there, and those put on the task queue that are not tasks
      await().atMost(SOON).until(() -> parked(broker) > each * 5 / 4);
      assertThat(lost).as("lost connections of the pool").hasValue(0);
    }
    removeQueues(site);
  }

  /** One queue of each kind: tasks, dead, results, control, events. */
  private List<String> queues(Site site, String notThis) throws Exception {
    List<String> queues = new ArrayList<>(List.of(names.tasks(), names.dead()));
    Set<String> open = new HashSet<>();
    for (String queue : site.server().ctl("list_queues", "name", "consumers").split("\n", -1)) {
      String[] fields = queue.split("\\s+", -1);
      if (fields.length == 2 && fields[1].equals("1")) {
        open.add(fields[0]);
      }
    }
    for (String prefix : new String[] {"warren.results.", names.control(), "warren.events."}) {
      List<String> fitting =
          open.stream().filter(q -> q.startsWith(prefix) && !q.equals(notThis)).toList();
      assertThat(fitting).as(prefix).isNotEmpty();
      queues.addAll(fitting);
    }
    return queues;
  }

  private int parked(RabbitBroker broker) throws InterruptedException {
    int max = broker.depth(names.dead()).orElseThrow().ready();
    int count = 0;
    try (QueueBrowser browser = broker.browse(names.dead(), max)) {
      while (browser.next() != null) {
        count++;
      }
    }
    return count;
  }

  private void removeQueues(Site site) throws Exception {
    try (RabbitBroker broker =
        RabbitBroker.open(BrokerUri.parse(uri(site)), "test", Duration.ofSeconds(20))) {
      broker.declare(names.topology());
      broker.delete(names.tasks());
      broker.delete(names.dead());
    }
  }

  private static Foreign task(String id, @Nullable String replyTo) {
    BasicProperties properties =
        new BasicProperties.Builder()
            .messageId(id)
            .replyTo(replyTo)
            .headers(
                Map.of("warren-version", 1, "warren-fn", Functions.class.getName() + "::twice"))
            .deliveryMode(2)
            .build();
    return new Foreign(id, properties, Payload.of("[3]"));
  }

  @ParameterizedTest
  @MethodSource("dev.warren.pool.Site#brokers")
  void a_task_whose_reply_queue_is_not_warrens_is_parked_and_nothing_is_sent_there(Site site)
      throws Exception {
    String commands = "payroll.commands." + name;
    try (AutoCloseable worker = Site.startWorker(uri(site), "worker", 1);
        ForeignProducer producer = producer(site);
        RabbitBroker broker =
            RabbitBroker.open(BrokerUri.parse(uri(site)), "test", Duration.ofSeconds(20))) {
      assertThat(worker).isNotNull();
      broker.declare(
          Topology.ofQueue(new Topology.Queue(commands, false, Map.of("x-queue-type", "classic"))));
      producer.send(names.tasks(), task("bad", commands));
      producer.send(names.tasks(), task("good", producer.replies()));
      Map<String, String> parked = new HashMap<>();
      await()
          .atMost(SOON)
          .until(
              () -> {
                parked.putAll(producer.takeParked(names.dead()));
                return parked.containsKey("bad") && !producer.answers().isEmpty();
              });
      assertThat(parked.get("bad"))
          .contains("rejected", "property reply_to is '" + commands + "'", "--reply-to");
      assertThat(producer.answers().values()).containsExactly("{\"value\":6}");
      assertThat(broker.depth(commands).orElseThrow().ready()).isZero();
      broker.delete(commands);
    }
    removeQueues(site);
  }

  @ParameterizedTest
  @MethodSource("dev.warren.pool.Site#brokers")
  void ids_of_tasks_cannot_be_guessed_from_others_and_do_not_name_their_owner(Site site)
      throws Exception {
    try (Pool pool = Pool.open(uri(site));
        RabbitBroker broker =
            RabbitBroker.open(BrokerUri.parse(uri(site)), "test", Duration.ofSeconds(20))) {
      for (int i = 0; i < 20; i++) {
        var unused = pool.applyAsync(Functions::twice, i);
        int sent = i + 1;
        await().atMost(SOON).until(() -> broker.depth(names.tasks()).orElseThrow().ready() == sent);
      }
      Set<String> starts = new HashSet<>();
      try (QueueBrowser browser = broker.browse(names.tasks(), 20)) {
        for (QueueBrowser.Item item = browser.next(); item != null; item = browser.next()) {
          String id = item.message().id();
          String owner = item.message().replyTo().substring("warren.results.".length());
          assertThat(owner).matches("[a-z2-7]{26}");
          assertThat(id).matches("[a-z2-7]{26}");
          assertThat(id + item.message().headers().get(Headers.JOB)).doesNotContain(owner);
          starts.add(id.substring(0, 8));
        }
      }
      assertThat(starts).hasSize(20);
      pool.terminate();
    }
    removeQueues(site);
  }
}

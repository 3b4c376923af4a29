package dev.warren.broker;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.broker.Broker.QueueDepth;
import dev.warren.broker.Broker.Receipt;
import dev.warren.lifecycle.Logs;
import dev.warren.task.Payload;
import dev.warren.wire.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;

/**
 * What a durable job relies on: how its results queue behaves while coordinators come, freeze and
 * die. Run against each supported version of RabbitMQ.
 */
interface JobResultsContract {
  Duration PATIENCE = Duration.ofMinutes(3);

  /** URI of a server for this class alone. */
  String uri();

  /** Runs rabbitmqctl on that server and returns its output. */
  String ctl(String... arguments) throws Exception;

  private static String newJob() {
    return UUID.randomUUID().toString();
  }

  /** Declares the results queue of a new job and publishes messages m0, m1, … to it. */
  private static String jobWith(JobCoordinator coordinator, int messages) {
    String job = newJob();
    coordinator.broker().declare(PoolNames.jobResultsTopology(job));
    publish(coordinator, PoolNames.jobResults(job), 0, messages);
    return job;
  }

  private static void publish(JobCoordinator coordinator, String queue, int from, int to) {
    IntStream.range(from, to)
        .mapToObj(
            i ->
                coordinator.broker().publish(Route.toQueue(queue), BrokerContract.message("m" + i)))
        .toList()
        .forEach(
            receipt -> assertThat(receipt).succeedsWithin(PATIENCE).isEqualTo(Receipt.CONFIRMED));
  }

  private static void awaitDepth(JobCoordinator observer, String queue, int ready, int consumers) {
    await()
        .until(
            () ->
                observer
                    .broker()
                    .depth(queue)
                    .equals(Optional.of(new QueueDepth(ready, consumers))));
  }

  /**
   * Waits until a coordinator waits for its turn. The depth of a queue does not tell: it counts
   * only the active consumer.
   */
  private void awaitStandby(String queue) {
    await()
        .until(
            () ->
                ctl("-q", "list_consumers", "queue_name", "active")
                    .lines()
                    .anyMatch(line -> line.startsWith(queue) && line.endsWith("false")));
  }

  private static List<String> ids(List<Delivery> deliveries) {
    return deliveries.stream().map(delivery -> delivery.message().id()).toList();
  }

  private static List<String> redelivered(List<Delivery> deliveries) {
    return ids(deliveries.stream().filter(Delivery::redelivered).toList());
  }

  private static List<String> numbered(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> "m" + i).toList();
  }

  @Test
  default void every_coordinator_of_a_job_can_declare_its_queue() throws Exception {
    try (JobCoordinator first = JobCoordinator.open(uri());
        JobCoordinator second = JobCoordinator.open(uri())) {
      String job = jobWith(first, 3);
      second.broker().declare(PoolNames.jobResultsTopology(job));
      awaitDepth(second, PoolNames.jobResults(job), 3, 0);
    }
  }

  @Test
  default void a_second_coordinator_receives_nothing_while_the_first_is_connected()
      throws Exception {
    try (JobCoordinator first = JobCoordinator.open(uri());
        JobCoordinator second = JobCoordinator.open(uri())) {
      String job = jobWith(first, 20);
      String queue = PoolNames.jobResults(job);
      second.broker().declare(PoolNames.jobResultsTopology(job));
      first.consume(queue, 5);
      awaitDepth(first, queue, 15, 1);
      second.consume(queue, 5);
      awaitStandby(queue);
      awaitDepth(first, queue, 15, 1);
      List<Delivery> all = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        Delivery next = first.next(1).get(0);
        all.add(next);
        next.ack();
      }
      awaitDepth(first, queue, 0, 1);
      assertThat(ids(all)).isEqualTo(numbered(0, 20));
      assertThat(redelivered(all)).isEmpty();
      assertThat(second.got()).isEmpty();
    }
  }

  @Test
  default void a_lost_coordinators_unacknowledged_messages_come_first_in_order_and_redelivered()
      throws Exception {
    try (JobCoordinator first = JobCoordinator.open(uri());
        JobCoordinator second = JobCoordinator.open(uri())) {
      String job = jobWith(first, 10);
      String queue = PoolNames.jobResults(job);
      second.broker().declare(PoolNames.jobResultsTopology(job));
      first.consume(queue, 4);
      first.next(4).get(1).ack();
      first.next(1); // m4, in the place of m1
      second.consume(queue, 3);
      awaitStandby(queue);
      awaitDepth(second, queue, 5, 1);
      first.die();
      List<Delivery> all = new ArrayList<>();
      for (int i = 0; i < 9; i++) {
        Delivery next = second.next(1).get(0);
        all.add(next);
        next.ack();
      }
      assertThat(ids(all)).containsExactly("m0", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "m9");
      assertThat(redelivered(all)).containsExactly("m0", "m2", "m3", "m4");
      awaitDepth(second, queue, 0, 1);
    }
  }

  /** Two missed heartbeats: 10 to 15 s with an interval of 5 s, 20 to 30 s with the default. */
  @Tag("stress")
  @ParameterizedTest
  @ValueSource(ints = {5, 10})
  default void a_frozen_coordinator_loses_the_queue_after_missed_heartbeats(int heartbeat)
      throws Exception {
    String uri = uri() + "?heartbeat=" + heartbeat;
    try (JobCoordinator second = JobCoordinator.open(uri)) {
      String job = jobWith(second, 200);
      String queue = PoolNames.jobResults(job);
      try (FrozenCoordinator first = FrozenCoordinator.start(uri, job, 50)) {
        first.awaitLine(FrozenCoordinator.HOLDS);
        second.consume(queue, 200);
        awaitStandby(queue);
        awaitDepth(second, queue, 150, 1);
        first.signal("STOP");
        long stopped = System.nanoTime();
        Delivery zero = second.got().poll(PATIENCE.toSeconds(), SECONDS);
        log()
            .info(
                "heartbeat {} s: the queue passed on {} ms after SIGSTOP",
                heartbeat,
                (System.nanoTime() - stopped) / 1_000_000);
        assertThat(zero).isNotNull();
        List<Delivery> all = new ArrayList<>(List.of(zero));
        all.addAll(second.next(199));
        assertThat(ids(all)).isEqualTo(numbered(0, 200));
        assertThat(redelivered(all)).isEqualTo(numbered(0, 50));
        first.signal("CONT");
        first.awaitLine(FrozenCoordinator.LOST);
        first.awaitLine(FrozenCoordinator.ACKED);
        awaitStandby(queue); // it has subscribed again
        second.die();
        try (JobCoordinator third = JobCoordinator.open(uri)) {
          // nothing was acknowledged: the thawed coordinator holds 50 and the others wait
          awaitDepth(third, queue, 150, 1);
        }
      }
    }
  }

  @Test
  default void no_message_is_dropped_after_thirty_deaths_of_the_coordinator() throws Exception {
    try (JobCoordinator observer = JobCoordinator.open(uri())) {
      String job = jobWith(observer, 50);
      String queue = PoolNames.jobResults(job);
      for (int death = 1; death <= 30; death++) {
        try (JobCoordinator coordinator = JobCoordinator.open(uri())) {
          coordinator.broker().declare(PoolNames.jobResultsTopology(job));
          coordinator.consume(queue, 50);
          assertThat(ids(coordinator.next(50))).isEqualTo(numbered(0, 50));
          coordinator.die();
          awaitDepth(observer, queue, 50, 0);
        }
      }
      observer.consume(queue, 50);
      List<Delivery> all = observer.next(50);
      assertThat(ids(all)).isEqualTo(numbered(0, 50));
      assertThat(redelivered(all)).isEqualTo(numbered(0, 50));
      // RabbitMQ 4 drops a message whose count exceeds 20 if its queue has no limit of its own
      assertThat(all)
          .allSatisfy(
              delivery ->
                  assertThat(delivery.message().headers().get("x-delivery-count")).isEqualTo(30L));
    }
  }

  /** So a coordinator that stops must settle its deliveries before it cancels its consumer. */
  @Test
  default void a_cancelled_consumer_keeps_its_deliveries_and_the_others_go_to_the_standby()
      throws Exception {
    try (JobCoordinator first = JobCoordinator.open(uri());
        JobCoordinator second = JobCoordinator.open(uri())) {
      String job = jobWith(first, 10);
      String queue = PoolNames.jobResults(job);
      second.broker().declare(PoolNames.jobResultsTopology(job));
      Subscription subscription = first.consume(queue, 4);
      List<Delivery> held = first.next(4);
      second.consume(queue, 10);
      awaitStandby(queue);
      subscription.cancel();
      List<Delivery> passed = second.next(6);
      assertThat(ids(passed)).isEqualTo(numbered(4, 10));
      assertThat(redelivered(passed)).isEmpty();
      held.forEach(Delivery::ack);
      passed.forEach(Delivery::ack);
      await().until(subscription::ended);
      awaitDepth(second, queue, 0, 1);
      assertThat(first.got()).isEmpty();
      assertThat(second.got()).isEmpty();
    }
  }

  /** So the prefetch of a job's results queue must not follow the size of messages. */
  @Test
  default void a_changed_prefetch_passes_the_queue_to_the_standby() throws Exception {
    try (JobCoordinator first = JobCoordinator.open(uri());
        JobCoordinator second = JobCoordinator.open(uri())) {
      String job = jobWith(first, 10);
      String queue = PoolNames.jobResults(job);
      second.broker().declare(PoolNames.jobResultsTopology(job));
      Subscription subscription = first.consume(queue, 4);
      first.next(4);
      second.consume(queue, 100);
      awaitStandby(queue);
      subscription.prefetch(100);
      assertThat(ids(second.next(6))).isEqualTo(numbered(4, 10));
      publish(first, queue, 10, 20);
      assertThat(ids(second.next(10))).isEqualTo(numbered(10, 20));
      assertThat(first.got()).isEmpty();
    }
  }

  /** So only the owner of a job's lease may subscribe: a standby would reconnect for ever. */
  @Test
  default void a_standby_is_taken_for_a_stalled_consumer_and_reconnects() throws Exception {
    try (JobCoordinator first = JobCoordinator.open(uri());
        JobCoordinator second = JobCoordinator.open(uri(), Duration.ofMillis(300))) {
      String job = jobWith(first, 10);
      String queue = PoolNames.jobResults(job);
      second.broker().declare(PoolNames.jobResultsTopology(job));
      first.consume(queue, 4);
      first.next(4);
      second.consume(queue, 4);
      await().atMost(PATIENCE).until(() -> second.disconnects() > 0);
      assertThat(second.got()).isEmpty();
    }
  }

  @Test
  default void the_queue_is_kept_while_it_has_a_consumer_and_expires_after_the_last_one()
      throws Exception {
    try (JobCoordinator coordinator = JobCoordinator.open(uri());
        JobCoordinator observer = JobCoordinator.open(uri())) {
      Duration expiry = Duration.ofSeconds(2);
      String kept = expiring(observer, expiry);
      coordinator.broker().declare(Topology.ofQueue(expiringQueue(kept, expiry)));
      Subscription subscription = coordinator.consume(kept, 1);
      awaitDepth(observer, kept, 0, 1);
      // two queues without a consumer, one declared after the other has expired, show that the
      // time has passed twice
      awaitExpired(observer, expiring(observer, expiry));
      String second = expiring(observer, expiry);
      publish(observer, second, 0, 1); // a message does not keep it
      awaitExpired(observer, second);
      awaitDepth(observer, kept, 0, 1);
      subscription.cancel();
      await().until(subscription::ended);
      long left = System.nanoTime();
      awaitExpired(observer, kept);
      Duration took = Duration.ofNanos(System.nanoTime() - left);
      log().info("expired {} ms after the last consumer had left", took.toMillis());
      assertThat(took).isGreaterThanOrEqualTo(expiry.minusMillis(500));
    }
  }

  private static String expiring(JobCoordinator declarer, Duration expiry) {
    String queue = PoolNames.jobResults(newJob());
    declarer.broker().declare(Topology.ofQueue(expiringQueue(queue, expiry)));
    return queue;
  }

  private static Topology.Queue expiringQueue(String name, Duration expiry) {
    Map<String, Object> arguments =
        new HashMap<>(PoolNames.jobResultsTopology("any").queues().get(0).arguments());
    arguments.put("x-expires", expiry.toMillis());
    return new Topology.Queue(name, false, arguments);
  }

  private static void awaitExpired(JobCoordinator observer, String queue) {
    await().atMost(PATIENCE).until(() -> observer.broker().depth(queue).isEmpty());
  }

  /** Logs the rates beside those of a pool's classic results queue; compares nothing. */
  @Tag("stress")
  @Test
  default void outcomes_of_two_kilobytes_pass_once_each_on_both_kinds_of_results_queues()
      throws Exception {
    try (JobCoordinator worker = JobCoordinator.open(uri());
        JobCoordinator coordinator = JobCoordinator.open(uri())) {
      for (int round = 1; round <= 2; round++) {
        String client = newJob();
        coordinator.broker().declare(PoolNames.resultsTopology(client));
        Rates classic = rates(worker, coordinator, PoolNames.results(client), 20_000);
        String job = newJob();
        coordinator.broker().declare(PoolNames.jobResultsTopology(job));
        Rates quorum = rates(worker, coordinator, PoolNames.jobResults(job), 20_000);
        log().info("round {}: per second, classic {}; job {}", round, classic, quorum);
      }
    }
  }

  /** Messages per second: published and confirmed alone, consumed alone, and both at once. */
  record Rates(long published, long consumed, long passed) {}

  private static Rates rates(
      JobCoordinator worker, JobCoordinator coordinator, String queue, int messages)
      throws InterruptedException {
    long start = System.nanoTime();
    flood(worker, queue, messages);
    long published = perSecond(messages, start);
    start = System.nanoTime();
    drain(coordinator, queue, messages, () -> {});
    long consumed = perSecond(messages, start);
    start = System.nanoTime();
    drain(coordinator, queue, messages, () -> flood(worker, queue, messages));
    return new Rates(published, consumed, perSecond(messages, start));
  }

  private static long perSecond(int messages, long sinceNanos) {
    return messages * 1_000_000_000L / (System.nanoTime() - sinceNanos);
  }

  /** Publishes messages with at most 500 unconfirmed, and waits for all confirms. */
  private static void flood(JobCoordinator worker, String queue, int messages) {
    Semaphore window = new Semaphore(500);
    Payload body = Payload.of("x".repeat(2048));
    List<CompletableFuture<?>> receipts = new ArrayList<>();
    for (int i = 0; i < messages; i++) {
      window.acquireUninterruptibly();
      receipts.add(
          worker
              .broker()
              .publish(
                  Route.toQueue(queue), new Message("m" + i, "t", null, null, 4, Map.of(), body))
              .whenComplete((receipt, failure) -> window.release()));
    }
    receipts.forEach(receipt -> assertThat(receipt).succeedsWithin(PATIENCE));
  }

  private static void drain(
      JobCoordinator coordinator, String queue, int messages, Runnable meanwhile)
      throws InterruptedException {
    CountDownLatch left = new CountDownLatch(messages);
    Subscription subscription =
        coordinator
            .broker()
            .subscribe(
                queue,
                500,
                delivery -> {
                  assertThat(delivery.redelivered()).isFalse();
                  delivery.ack();
                  left.countDown();
                });
    meanwhile.run();
    assertThat(left.await(PATIENCE.toSeconds(), SECONDS)).isTrue();
    subscription.cancel();
    await().until(subscription::ended);
    awaitDepth(coordinator, queue, 0, 0);
  }

  private static Logger log() {
    return Logs.of(JobResultsContract.class);
  }
}

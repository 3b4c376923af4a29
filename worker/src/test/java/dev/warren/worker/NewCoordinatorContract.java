package dev.warren.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.broker.Broker.Receipt;
import dev.warren.broker.BrokerUri;
import dev.warren.broker.PoolNames;
import dev.warren.broker.Route;
import dev.warren.broker.rabbit.RabbitBroker;
import dev.warren.lifecycle.Logs;
import dev.warren.task.ChildContext;
import dev.warren.task.TaskOptions;
import dev.warren.testkit.FaultyProxy;
import dev.warren.wire.Headers;
import dev.warren.wire.Message;
import dev.warren.wire.PoolSettings;
import dev.warren.wire.TaskId;
import dev.warren.wire.TaskMessage;
import dev.warren.wire.control.Heartbeat;
import dev.warren.worker.config.WorkerConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a coordinator that starts while workers are busy can learn about their tasks, and what it
 * cannot. Three workers, with heartbeats so rare that each one here answers a question. Run against
 * each supported version of RabbitMQ.
 */
interface NewCoordinatorContract {
  Duration PATIENCE = Duration.ofMinutes(3);
  int WORKERS = 3;
  int SLOTS = 2;
  int SHORT_CALLS = 3000;
  int LONG_CALLS = 6000;

  /** URI of a server for this class alone. */
  String uri();

  /** Three workers of a new pool, each with its own connections, and the owner of their calls. */
  final class Pool implements AutoCloseable {
    private final PoolNames names = new PoolNames("t" + UUID.randomUUID());
    private final List<RabbitBroker> brokers = new ArrayList<>();
    private final List<Worker> workers = new ArrayList<>();
    private final String uri;
    private final FaultyProxy lastWorkersNetwork;
    private final Path go;
    private final TestOwner owner;
    private long calls;

    Pool(String uri, Path folder) throws IOException, InterruptedException {
      this.uri = uri;
      go = folder.resolve("go");
      lastWorkersNetwork = FaultyProxy.to(URI.create(uri).getPort());
      owner = new TestOwner(connect(uri), names.pool());
    }

    static Pool withWorkers(String uri, Path folder) throws IOException, InterruptedException {
      Pool pool = new Pool(uri, folder);
      pool.startWorkers();
      return pool;
    }

    void startWorkers() throws InterruptedException {
      for (int i = 1; i < WORKERS; i++) {
        workers.add(worker(connect(uri)));
      }
      String authority = URI.create(uri).getHost() + ":" + URI.create(uri).getPort();
      workers.add(
          worker(connect(uri.replace(authority, "127.0.0.1:" + lastWorkersNetwork.port()))));
    }

    private RabbitBroker connect(String uri) throws InterruptedException {
      RabbitBroker broker = RabbitBroker.open(BrokerUri.parse(uri), "t", Duration.ofSeconds(30));
      brokers.add(broker);
      return broker;
    }

    private Worker worker(RabbitBroker broker) {
      WorkerConfig config =
          WorkerConfig.builder()
              .pool(names.pool())
              .processes(SLOTS)
              .context(ChildContext.threads())
              .heartbeat(Duration.ofMinutes(5))
              .build();
      return Worker.start(config, broker, event -> {});
    }

    /** A task of one call that waits until {@link #go()}. */
    TaskMessage task() {
      return task("waitFor", go.toString());
    }

    TaskMessage task(String function, String arg) {
      return owner.task(
          function,
          List.of(arg),
          1_000_000 + calls++,
          1,
          TaskOptions.DEFAULTS,
          PoolSettings.DEFAULTS);
    }

    /** Publishes tasks and returns their ids. */
    Set<String> publish(String queue, int count) {
      Set<String> ids = new HashSet<>();
      List<CompletableFuture<Receipt>> receipts = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        TaskMessage task = task();
        ids.add(task.id());
        receipts.add(brokers.get(0).publish(Route.toQueue(queue), TaskSample.message(task)));
      }
      receipts.forEach(one -> assertThat(one).succeedsWithin(PATIENCE));
      return ids;
    }

    void publish(Message message) {
      brokers.get(0).publish(Route.toQueue(names.tasks()), message).join();
    }

    /**
     * Starts the workers with a long queue, whose first calls are so short that the workers then
     * hold many of the others. Returns the ids of those, once the workers take no more.
     */
    Set<String> fillWorkers(NewCoordinator observer) throws InterruptedException {
      for (int i = 0; i < SHORT_CALLS; i++) {
        brokers
            .get(0)
            .publish(Route.toQueue(names.tasks()), TaskSample.message(task("waitFor", "")))
            .join();
      }
      Set<String> ids = publish(names.tasks(), LONG_CALLS);
      startWorkers();
      await().atMost(PATIENCE).until(() -> owner.ended() == SHORT_CALLS);
      AtomicReference<Set<String>> before = new AtomicReference<>(Set.of());
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                Set<String> held = observer.held(WORKERS);
                return roots(held).size() + waiting(observer) >= LONG_CALLS
                    && held.equals(before.getAndSet(held));
              });
      return ids;
    }

    /** Number of messages in the task queues. */
    int waiting(NewCoordinator observer) {
      return observer.waiting(names.tasks()) + observer.waiting(names.again());
    }

    /** Lets all waiting calls return. */
    void go() throws IOException {
      Files.createFile(go);
    }

    @Override
    public void close() throws IOException {
      lastWorkersNetwork.unstall();
      if (!Files.exists(go)) {
        go();
      }
      workers.forEach(Worker::close);
      brokers.forEach(RabbitBroker::close);
      lastWorkersNetwork.close();
    }
  }

  private static Set<String> roots(Collection<String> ids) {
    return ids.stream().map(TaskId::rootOf).collect(Collectors.toSet());
  }

  @Test
  default void the_heartbeats_after_a_hello_name_every_task_that_workers_hold(@TempDir Path folder)
      throws Exception {
    try (Pool pool = new Pool(uri(), folder)) {
      Set<String> published;
      try (NewCoordinator before = NewCoordinator.open(uri(), pool.names)) {
        published = pool.fillWorkers(before);
      }
      long start = System.nanoTime();
      try (NewCoordinator coordinator = NewCoordinator.open(uri(), pool.names)) {
        long connected = System.nanoTime();
        Collection<Heartbeat> beats = coordinator.heartbeats(WORKERS);
        long answered = System.nanoTime();
        List<String> held = beats.stream().flatMap(beat -> beat.held().stream()).toList();
        Logs.of(NewCoordinatorContract.class)
            .info(
                "{} tasks held, by worker {}: connected in {} ms, answered after {} ms more",
                held.size(),
                beats.stream().map(beat -> beat.held().size()).toList(),
                (connected - start) / 1_000_000,
                (answered - connected) / 1_000_000);
        assertThat(beats).noneMatch(Heartbeat::truncated);
        // a call that a worker has handed back, or that runs again, has another id of the same root
        Set<String> roots = roots(held);
        assertThat(published).containsAll(roots);
        assertThat(roots.size() + pool.waiting(coordinator)).isGreaterThanOrEqualTo(LONG_CALLS);
        // more, if a worker has cancelled a consumer and still holds its deliveries
        assertThat(coordinator.broker().depth(pool.names.tasks()).orElseThrow().consumers())
            .isGreaterThanOrEqualTo(WORKERS);
      }
      pool.go();
      await().atMost(PATIENCE).until(() -> pool.owner.ended() == SHORT_CALLS + LONG_CALLS);
    }
  }

  @Test
  default void workers_answer_a_question_about_tasks_with_those_that_they_hold(@TempDir Path folder)
      throws Exception {
    try (Pool pool = new Pool(uri(), folder);
        NewCoordinator coordinator = NewCoordinator.open(uri(), pool.names)) {
      Set<String> published = pool.fillWorkers(coordinator);
      Set<String> held = coordinator.held(WORKERS);
      long start = System.nanoTime();
      coordinator.ask(published);
      Set<String> asked = new HashSet<>(held);
      asked.retainAll(published);
      await().atMost(PATIENCE).until(() -> coordinator.claimed().containsAll(asked));
      Logs.of(NewCoordinatorContract.class)
          .info(
              "{} of {} tasks claimed after {} ms",
              asked.size(),
              published.size(),
              (System.nanoTime() - start) / 1_000_000);
      coordinator.heartbeats(WORKERS); // sent after the answers
      assertThat(coordinator.claimed()).isEqualTo(asked);
    }
  }

  /**
   * Delayed calls and retries have another id, too: only its root is the one that was published.
   */
  @Test
  default void tasks_in_the_again_queue_and_in_delay_queues_are_in_no_heartbeat(
      @TempDir Path folder) throws Exception {
    try (Pool pool = Pool.withWorkers(uri(), folder);
        NewCoordinator coordinator = NewCoordinator.open(uri(), pool.names)) {
      TaskMessage delayed = pool.task().delayed(102_400);
      pool.publish(TaskSample.message(delayed));
      String delayQueue = pool.names.delay(102_400);
      await().atMost(PATIENCE).until(() -> coordinator.waiting(delayQueue) == 1);
      Set<String> again = pool.publish(pool.names.again(), 50);
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  coordinator.held(WORKERS).size() + coordinator.waiting(pool.names.again())
                      == again.size());
      Set<String> held = coordinator.held(WORKERS);
      assertThat(again).containsAll(held);
      assertThat(held).hasSize(WORKERS * SLOTS);
      assertThat(coordinator.waiting(pool.names.tasks())).isZero();
    }
  }

  /**
   * For two seconds after a redelivery, eight after a reconnect, a task is neither in a queue nor
   * in a heartbeat.
   */
  @Test
  default void a_redelivered_task_is_in_no_queue_and_no_heartbeat_until_workers_know_its_holder(
      @TempDir Path folder) throws Exception {
    try (Pool pool = Pool.withWorkers(uri(), folder);
        NewCoordinator coordinator = NewCoordinator.open(uri(), pool.names)) {
      coordinator.heartbeats(WORKERS);
      TaskMessage task = pool.task();
      pool.publish(TaskSample.message(task).with(Headers.SUSPECT, true));
      await()
          .pollInterval(Duration.ofMillis(10))
          .until(() -> coordinator.waiting(pool.names.tasks()) == 0);
      assertThat(coordinator.held(WORKERS)).isEmpty();
      assertThat(coordinator.waiting(pool.names.again())).isZero();
      await().atMost(PATIENCE).until(() -> !coordinator.held(WORKERS).isEmpty());
      String part = coordinator.held(WORKERS).iterator().next();
      assertThat(part).isNotEqualTo(task.id());
      assertThat(TaskId.rootOf(part)).isEqualTo(task.id());
      coordinator.ask(List.of(task.id(), part));
      await().atMost(PATIENCE).until(() -> coordinator.claimed().contains(part));
      assertThat(coordinator.claimed()).as("answers name exact ids").containsOnly(part);
    }
  }

  @Test
  default void a_worker_that_the_network_cuts_off_does_not_answer_and_still_counts_as_consumer(
      @TempDir Path folder) throws Exception {
    try (Pool pool = Pool.withWorkers(uri(), folder);
        NewCoordinator coordinator = NewCoordinator.open(uri(), pool.names)) {
      Set<String> published = pool.publish(pool.names.tasks(), 50);
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  coordinator.held(WORKERS).size() + coordinator.waiting(pool.names.tasks())
                      == published.size());
      Set<String> held = coordinator.held(WORKERS);
      pool.lastWorkersNetwork.stall();
      Set<String> heldByTwo = coordinator.held(WORKERS - 1);
      assertThat(heldByTwo).hasSizeLessThan(held.size());
      assertThat(coordinator.waiting(pool.names.tasks())).isEqualTo(published.size() - held.size());
      assertThat(coordinator.broker().depth(pool.names.tasks()).orElseThrow().consumers())
          .isGreaterThanOrEqualTo(WORKERS);
    }
  }

  /**
   * So only workers may ask: they remember each question, and if the task is redelivered later they
   * run it again, although another worker holds it then.
   */
  @Test
  default void a_question_about_a_task_in_the_queue_makes_workers_run_it_twice_after_a_redelivery(
      @TempDir Path folder) throws Exception {
    try (Pool pool = Pool.withWorkers(uri(), folder);
        NewCoordinator coordinator = NewCoordinator.open(uri(), pool.names)) {
      coordinator.heartbeats(WORKERS);
      Path file = folder.resolve("runs");
      TaskMessage task = pool.task("markAndWait", file.toString());
      coordinator.ask(List.of(task.id()));
      coordinator.heartbeats(WORKERS); // all have heard the question
      // decided two seconds later, when the question is as old
      pool.publish(TaskSample.message(pool.task()).with(Headers.SUSPECT, true));
      await().atMost(PATIENCE).until(() -> pool.owner.moves() == 1);
      pool.publish(TaskSample.message(task));
      await().atMost(PATIENCE).until(() -> coordinator.held(WORKERS).contains(task.id()));
      Message redelivered = TaskSample.message(task).with(Headers.SUSPECT, true);
      IntStream.range(0, 2 * WORKERS).forEach(i -> pool.publish(redelivered));
      await().atMost(PATIENCE).until(() -> pool.owner.moves() > 1);
      await().atMost(PATIENCE).until(() -> Files.readAllLines(file).size() > 1);
      Files.createFile(folder.resolve("runs.go"));
    }
  }
}

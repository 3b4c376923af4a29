package dev.warren.cli.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.broker.BrokerUri;
import dev.warren.broker.rabbit.RabbitBroker;
import dev.warren.task.FailureKind;
import dev.warren.task.TaskOptions;
import dev.warren.testkit.server.PrivateBroker;
import dev.warren.wire.PoolSettings;
import dev.warren.worker.TestOwner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Worker processes on a real RabbitMQ, which is stopped; more faults are in the fault kit. */
class WorkersOverRabbitIT {
  private static final Duration SOON = Duration.ofMinutes(3);
  private static PrivateBroker server;

  @TempDir Path folder;
  private final String pool = "pool-" + UUID.randomUUID();
  private RabbitBroker broker;
  private TestOwner owner;
  private WorkerProcess one;
  private WorkerProcess two;

  @BeforeAll
  static void start_server() throws InterruptedException {
    server = PrivateBroker.start();
  }

  @AfterAll
  static void stop_server() {
    server.close();
  }

  @BeforeEach
  void start_workers() throws Exception {
    String uri = uri();
    broker = RabbitBroker.open(BrokerUri.parse(uri), "test-owner", Duration.ofSeconds(20));
    owner = new TestOwner(broker, pool);
    one = WorkerProcess.start(uri, folder.resolve("one.log"), "--grace", "10s");
    two = WorkerProcess.start(uri, folder.resolve("two.log"), "--grace", "10s");
    await().atMost(SOON).until(() -> one.serves(pool) && two.serves(pool));
  }

  @AfterEach
  void stop_workers() {
    one.close();
    two.close();
    broker.close();
  }

  private String uri() {
    return server.uri() + "?pool=" + pool;
  }

  private static List<Integer> numbers(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  private void awaitEnded(int calls) {
    await().atMost(SOON).until(() -> owner.ended() == calls);
  }

  private void allAreThemselves(long first, int count) {
    for (int i = 0; i < count; i++) {
      assertThat(owner.value(first + i)).isEqualTo(Integer.toString(i));
    }
  }

  @Test
  void a_job_survives_a_broker_outage_of_ten_seconds() throws Exception {
    long first = owner.submit("sameAfter5ms", numbers(4000), 20);
    await().atMost(SOON).until(() -> owner.ended() > 500);
    server.stop();
    // the outage itself is tested: no event ends it
    new CountDownLatch(1).await(10, TimeUnit.SECONDS);
    server.restart();
    awaitEnded(4000);
    allAreThemselves(first, 4000);
  }

  @Test
  void calls_hoarded_while_they_were_short_go_to_a_worker_that_joins_once_they_are_long()
      throws Exception {
    two.terminate();
    assertThat(two.exitCode()).isZero();
    owner.submit("pidAfter", Collections.nCopies(300, 0), 1);
    awaitEnded(300);
    long first = owner.submit("pidAfter", Collections.nCopies(20, 1500), 1);
    String tasks = "warren." + pool + ".tasks";
    await().atMost(SOON).until(() -> broker.depth(tasks).orElseThrow().ready() == 0);
    two = WorkerProcess.start(uri(), folder.resolve("late.log"), "--grace", "10s");
    await().atMost(SOON).until(() -> two.serves(pool));
    List<Long> ofTwo = new ArrayList<>();
    await()
        .atMost(SOON)
        .until(
            () -> {
              ofTwo.addAll(WorkerProcess.marked(two.id()));
              return owner.ended() == 320;
            });
    long byTwo =
        LongStream.range(first, first + 20)
            .filter(call -> ofTwo.contains(Long.parseLong(owner.value(call))))
            .count();
    assertThat(byTwo).as(one.log()).isGreaterThanOrEqualTo(6);
    assertThat(owner.repeats()).isZero();
  }

  @Test
  void an_at_most_once_call_ends_with_its_host() throws Exception {
    Path file = folder.resolve("pid");
    TaskOptions once = TaskOptions.builder().atMostOnce(true).build();
    long call = owner.submit("hang", List.of(file.toString()), 1, once, PoolSettings.DEFAULTS);
    await().atMost(SOON).until(() -> Files.exists(file) && !Files.readString(file).isEmpty());
    boolean ranInOne = runsUnder(Long.parseLong(Files.readString(file)), one.id());
    (ranInOne ? one : two).kill();
    awaitEnded(1);
    assertThat(owner.failure(call).kind()).isEqualTo(FailureKind.HOST_LOST);
  }

  private static boolean runsUnder(long pid, String id) throws IOException {
    return WorkerProcess.marked(id).contains(pid);
  }
}

package dev.warren.cli.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.broker.BrokerUri;
import dev.warren.broker.rabbit.RabbitBroker;
import dev.warren.testkit.SharedBroker;
import dev.warren.testkit.server.PrivateBroker;
import dev.warren.worker.TestOwner;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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
  static void start_server() {
    server = SharedBroker.get();
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
  void a_job_survives_a_broker_outage() throws Exception {
    long first = owner.submit("sameAfter5ms", numbers(2000), 20);
    await().atMost(SOON).until(() -> owner.ended() > 500);
    server.stop();
    // the outage itself is tested: no event ends it
    new CountDownLatch(1).await(3, TimeUnit.SECONDS);
    server.restart();
    awaitEnded(2000);
    allAreThemselves(first, 2000);
  }
}

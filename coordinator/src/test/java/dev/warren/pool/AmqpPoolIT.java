package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.warren.broker.BrokerUri;
import dev.warren.broker.RabbitBroker;
import dev.warren.task.ChildContext;
import dev.warren.testing.SharedBroker;
import dev.warren.worker.Worker;
import dev.warren.worker.WorkerConfig;
import dev.warren.worker.WorkerListener;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The suite over RabbitMQ with two workers, and what only such a pool has. */
class AmqpPoolIT extends PoolConformance {
  private static final List<RabbitBroker> BROKERS = new ArrayList<>();
  private static final List<Worker> WORKERS = new ArrayList<>();
  private static String uri;
  private static Pool shared;

  @BeforeAll
  static void open() throws Exception {
    uri = SharedBroker.uri("conformance" + ProcessHandle.current().pid());
    for (int i = 0; i < 2; i++) {
      RabbitBroker broker =
          RabbitBroker.open(BrokerUri.parse(uri), "worker " + i, Duration.ofSeconds(20));
      BROKERS.add(broker);
      WORKERS.add(Worker.start(config(), broker, new WorkerListener() {}));
    }
    shared = Pool.open(uri);
    await().atMost(Duration.ofSeconds(30)).until(() -> shared.processes() == 4);
  }

  private static WorkerConfig config() throws Exception {
    List<Path> classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .map(Path::of)
            .toList();
    Path app = Path.of(Functions.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    return WorkerConfig.builder()
        .pool(BrokerUri.parse(uri).pool())
        .processes(2)
        .classPath(classPath)
        .appPath(List.of(app))
        .heartbeat(Duration.ofMillis(500))
        .build();
  }

  @AfterAll
  static void close() {
    shared.close();
    WORKERS.forEach(Worker::close);
    BROKERS.forEach(RabbitBroker::close);
  }

  @Override
  Pool pool() {
    return shared;
  }

  @Override
  Pool.Builder builder() {
    return Pool.builder().uri(uri);
  }

  @Test
  void both_workers_take_part() {
    Set<Long> pids = new HashSet<>();
    shared
        .imapUnordered(Functions::sleep, IntStream.range(0, 40).map(n -> 20).boxed(), 1)
        .forEachRemaining(n -> {});
    pids.addAll(shared.map(Functions::pid, IntStream.range(0, 100).boxed().toList(), 1));
    assertThat(pids).hasSizeGreaterThan(1);
  }

  @Test
  void the_context_of_children_is_the_workers_own_setting() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().context(ChildContext.jvm()).open())
        .withMessageContaining("context");
  }
}

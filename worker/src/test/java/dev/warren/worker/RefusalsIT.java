package dev.warren.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.broker.Broker;
import dev.warren.broker.PoolNames;
import dev.warren.broker.memory.InMemoryBroker;
import dev.warren.task.FailureKind;
import dev.warren.task.RemoteFailure;
import dev.warren.worker.config.WorkerConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Workers of one pool, some of which do not have a call's class, as during the roll-out of a new
 * jar.
 */
class RefusalsIT {
  private static final Duration SOON = Duration.ofMinutes(3);

  private final Broker broker = InMemoryBroker.open();
  private final PoolNames names = new PoolNames("default");
  private final TestOwner owner = new TestOwner(broker, "default");
  private final List<Worker> workers = new ArrayList<>();

  @AfterEach
  void stop() {
    workers.forEach(Worker::close);
    broker.close();
  }

  private Worker startWithClasses() {
    return start(
        Arrays.stream(System.getProperty("java.class.path").split(":", -1)).map(Path::of).toList());
  }

  /** The class path without the tests' classes. */
  private Worker startWithoutClasses() {
    return start(
        Arrays.stream(System.getProperty("java.class.path").split(":", -1))
            .map(Path::of)
            .filter(entry -> !Files.exists(entry.resolve("dev/warren/worker/Calls.class")))
            .toList());
  }

  private Worker start(List<Path> classPath) {
    WorkerConfig config = WorkerConfig.builder().processes(2).classPath(classPath).build();
    Worker worker = Worker.start(config, broker, event -> {});
    workers.add(worker);
    return worker;
  }

  private int parked() {
    return broker.depth(names.dead()).orElseThrow().ready();
  }

  @Test
  void calls_that_one_worker_cannot_run_go_to_the_other_and_none_is_parked() {
    startWithoutClasses();
    startWithClasses();
    long first = owner.submit("pidAfter", Collections.nCopies(200, 5), 4);
    await().atMost(SOON).until(() -> owner.ended() == 200);
    assertThat(IntStream.range(0, 200)).allMatch(call -> owner.succeeded(first + call));
    assertThat(owner.repeats() + owner.moves()).isZero();
    assertThat(parked()).isZero();
  }

  @Test
  void a_call_that_no_worker_can_run_is_rejected_with_the_reasons_of_all() {
    Worker one = startWithoutClasses();
    Worker two = startWithoutClasses();
    owner.submit("same", List.of(1, 2, 3, 4), 1);
    await().atMost(SOON).until(() -> owner.ended() == 4);
    for (int call = 0; call < 4; call++) {
      RemoteFailure failure = owner.failure(call);
      assertThat(failure.kind()).isEqualTo(FailureKind.REJECTED);
      assertThat(failure.message()).startsWith("unknown class dev.warren.worker.Calls");
      assertThat(failure.message()).as("both say the same").doesNotContain("another worker");
      assertThat(failure.details().get("refusals").toString())
          .containsAnyOf(one.id() + "=unknown class", two.id() + "=unknown class");
    }
  }
}

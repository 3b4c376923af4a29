package dev.warren.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.warren.broker.Broker;
import dev.warren.broker.PoolNames;
import dev.warren.broker.Route;
import dev.warren.broker.memory.InMemoryBroker;
import dev.warren.task.ChildContext;
import dev.warren.task.TaskOptions;
import dev.warren.wire.Headers;
import dev.warren.wire.Message;
import dev.warren.wire.PoolSettings;
import dev.warren.worker.config.WorkerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two workers on one in-memory broker, and tasks that are redelivered as after a lost connection:
 * marked, with their old id.
 */
class SuspectsIT {
  private static final Duration SOON = Duration.ofMinutes(3);

  @TempDir Path folder;
  private final Broker broker = InMemoryBroker.open();
  private final PoolNames names = new PoolNames("default");
  private final TestOwner owner = new TestOwner(broker, "default");
  private final Worker one = worker();
  private final Worker two = worker();

  private Worker worker() {
    WorkerConfig config =
        WorkerConfig.builder().processes(4).context(ChildContext.threads()).build();
    return Worker.start(config, broker, event -> {});
  }

  @AfterEach
  void stop() {
    one.close();
    two.close();
    broker.close();
  }

  private Message again(long call, Path file) {
    return task("markAndWait", file.toString(), call);
  }

  private Message task(String function, Object arg, long call) {
    return TaskSample.message(
        owner.task(function, List.of(arg), call, 1, TaskOptions.DEFAULTS, PoolSettings.DEFAULTS));
  }

  private void comeAgain(Message message) {
    broker.publish(Route.toQueue(names.tasks()), message.with(Headers.SUSPECT, true)).join();
  }

  private boolean nothingOnItsWay() {
    return broker.depth(names.tasks()).orElseThrow().ready() == 0
        && broker.depth(names.again()).orElseThrow().ready() == 0
        && broker.depth(names.delay(3200)).map(depth -> depth.ready() == 0).orElse(true);
  }

  private static long runs(Path file) throws IOException {
    return Files.exists(file) ? Files.readAllLines(file).size() : 0;
  }

  @Test
  void a_task_that_another_worker_runs_is_not_run_again() throws Exception {
    Path file = folder.resolve("runs");
    Message task = again(0, file);
    broker.publish(Route.toQueue(names.tasks()), task).join();
    await().atMost(SOON).until(() -> runs(file) == 1);
    comeAgain(task);
    comeAgain(task);
    await().atMost(SOON).until(this::nothingOnItsWay);
    Files.createFile(folder.resolve("runs.go"));
    await().atMost(SOON).until(() -> owner.ended() == 1);
    assertThat(owner.value(0)).isEqualTo("1");
    assertThat(runs(file)).isEqualTo(1);
    assertThat(owner.moves()).isZero();
  }

  @Test
  void a_task_that_another_worker_has_settled_is_not_run_again() throws Exception {
    Path file = folder.resolve("runs");
    Files.createFile(folder.resolve("runs.go"));
    Message task = again(0, file);
    broker.publish(Route.toQueue(names.tasks()), task).join();
    await().atMost(SOON).until(() -> owner.ended() == 1);
    comeAgain(task);
    comeAgain(task);
    await().atMost(SOON).until(this::nothingOnItsWay);
    assertThat(runs(file)).isEqualTo(1);
    assertThat(owner.repeats() + owner.moves()).isZero();
  }

  @Test
  void a_task_that_no_worker_holds_runs_again_and_its_owner_is_notified() throws Exception {
    Path file = folder.resolve("runs");
    Files.createFile(folder.resolve("runs.go"));
    comeAgain(again(0, file));
    await().atMost(SOON).until(() -> owner.ended() == 1);
    assertThat(runs(file)).isEqualTo(1);
    await().atMost(SOON).until(() -> owner.moves() == 1);
  }
}

package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.warren.broker.memory.InMemoryBroker;
import dev.warren.task.ChildContext;
import dev.warren.task.TaskOptions;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Limits, losses, settings. */
class LimitsTest extends WithFakeWorker {

  @Test
  void a_pool_with_a_bound_never_has_more_tasks_in_flight() {
    InMemoryBroker other = InMemoryBroker.open();
    try (FakeWorker eight = new FakeWorker(other, "default", 8);
        Pool bounded = Pool.builder().processes(2).openOn(other)) {
      assertThat(bounded.processes()).isEqualTo(2);
      assertThat(bounded.map(LimitsTest::slowly, upTo(50), 1)).hasSize(50);
      assertThat(eight.mostRunning.get()).isEqualTo(2);
      assertThat(eight.tasks).allMatch(task -> task.serial());
    }
  }

  static int slowly(int n) {
    Uninterrupted.millis(3);
    return n;
  }

  @Test
  void chunks_grow_while_calls_are_short() {
    pool.map(WithFakeWorker::twice, upTo(20_000));
    assertThat(worker.messages()).isLessThan(2000);
  }

  @Test
  void a_call_that_expires_without_a_worker_ends() {
    InMemoryBroker nobody = InMemoryBroker.open();
    try (Pool lonely =
        Pool.builder()
            .options(TaskOptions.builder().expires(Duration.ofMillis(50)).build())
            .openOn(nobody)) {
      assertThatThrownBy(() -> lonely.apply(WithFakeWorker::twice, 1))
          .isExactlyInstanceOf(TaskExpiredException.class);
    }
  }

  @Test
  void processes_and_state_show_in_the_text() {
    worker.beat(false);
    await().until(() -> pool.processes() == 4);
    assertThat(pool).hasToString("Pool[default, RUNNING, 4 processes, 0 calls pending]");
  }

  @Test
  void a_pool_that_nobody_can_reach_any_more_is_released() {
    InMemoryBroker dropped = InMemoryBroker.open();
    drop(dropped);
    await()
        .until(
            () -> {
              System.gc();
              return !dropped.connected();
            });
  }

  private static void drop(InMemoryBroker dropped) {
    Pool lost = Pool.builder().openOn(dropped);
    assertThat(lost.state()).isEqualTo(Pool.State.RUNNING);
  }

  @Test
  void settings_out_of_bounds_are_refused_naming_the_bound() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Pool.builder().processes(0))
        .withMessage("processes is 0; must be 1 to 4096");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Pool.builder().maxTasksPerChild(0))
        .withMessage("maxTasksPerChild is 0; must be at least 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Pool.builder().uri("http://x"))
        .withMessageContaining("scheme");
    assertThatIllegalArgumentException().isThrownBy(() -> Pool.builder().name("a b").open());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Pool.builder().maxMemoryPerChild(0))
        .withMessage("maxMemoryPerChild is 0; must be at least 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Pool.builder().hardMaxMemoryPerChild(-1))
        .withMessage("hardMaxMemoryPerChild is -1; must be at least 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Pool.builder().maxMemoryPerChild(2000).hardMaxMemoryPerChild(1000).open())
        .withMessage("hardMaxMemoryPerChild is 1000; must be at least maxMemoryPerChild, 2000");
  }

  @Test
  void settings_of_workers_are_refused_over_a_broker() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> overBroker().context(ChildContext.jvm()).open())
        .withMessageStartingWith("context is set, but with a broker the workers start the");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> overBroker().maxMemoryPerChild(1 << 30).open())
        .withMessageContaining("start them with --max-memory-per-child, or use local:");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> overBroker().hardMaxMemoryPerChild(1 << 30).open())
        .withMessageContaining("start them with --hard-max-memory-per-child, or use local:");
  }

  /** Is refused before the broker is contacted. */
  private static Pool.Builder overBroker() {
    return Pool.builder().uri("amqp://nowhere.invalid");
  }

  @Test
  void options_out_of_bounds_are_refused_naming_the_bound() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TaskOptions.builder().maxAttempts(0).build())
        .withMessage("maxAttempts is 0; must be 1 to 1000");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TaskOptions.builder().priority(32).build())
        .withMessage("priority is 32; must be 0 to 31");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TaskOptions.builder().timeLimit(Duration.ZERO).build())
        .withMessageStartingWith("timeLimit is 0s; must be 1ms to 7d");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TaskOptions.builder().window(-1).build())
        .withMessageStartingWith("window is -1; must be ");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TaskOptions.builder().atMostOnce(true).maxAttempts(2).build())
        .withMessageContaining("atMostOnce");
  }
}

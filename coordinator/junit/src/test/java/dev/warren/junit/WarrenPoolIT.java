package dev.warren.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.junit.WarrenPool.Broker;
import dev.warren.junit.WarrenPool.Children;
import dev.warren.pool.AsyncResult;
import dev.warren.pool.Pool;
import dev.warren.pool.TimeLimitExceededException;
import dev.warren.task.TaskOptions;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class WarrenPoolIT {

  static long pid(int ignored) {
    return ProcessHandle.current().pid();
  }

  static String sleep(int millis) throws InterruptedException {
    Thread.sleep(millis);
    return "slept";
  }

  @Test
  void calls_run_in_child_processes(@WarrenPool Pool pool) {
    assertThat(pool.apply(WarrenPoolIT::pid, 0)).isNotEqualTo(ProcessHandle.current().pid());
    assertThat(pool.processes()).isEqualTo(2);
  }

  @Test
  @WarrenPool(children = Children.THREADS)
  void calls_run_in_threads_of_the_test_if_it_says_so(Pool pool, PoolFaults faults) {
    assertThat(pool.apply(WarrenPoolIT::pid, 0)).isEqualTo(ProcessHandle.current().pid());
    assertThatThrownBy(faults::killRunningChild)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Children.PROCESSES");
    assertThatThrownBy(faults::loseBroker)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Broker.RABBITMQ");
  }

  @Test
  void children_are_replaced_after_their_calls(
      @WarrenPool(processes = 1, maxTasksPerChild = 1) Pool pool) {
    List<Long> pids = pool.map(WarrenPoolIT::pid, List.of(1, 2, 3), 1);
    assertThat(new HashSet<>(pids)).hasSize(3);
  }

  @Test
  @WarrenPool
  void call_of_a_killed_child_runs_again(Pool pool, PoolFaults faults) throws Exception {
    AsyncResult<String> result = pool.applyAsync(WarrenPoolIT::sleep, 1000);
    long killed = faults.killRunningChild();
    assertThat(ProcessHandle.of(killed)).isEmpty();
    assertThat(result.get()).isEqualTo("slept");
  }

  @Test
  @WarrenPool
  void slow_call_exceeds_its_time_limit(Pool pool, PoolFaults faults) throws Exception {
    TaskOptions limit = TaskOptions.builder().timeLimit(Duration.ofSeconds(1)).build();
    AsyncResult<String> result = pool.with(limit).applyAsync(WarrenPoolIT::sleep, 500);
    faults.slowRunningCall(Duration.ofSeconds(3));
    assertThatThrownBy(result::get).hasCauseInstanceOf(TimeLimitExceededException.class);
  }

  @Test
  @WarrenPool(broker = Broker.RABBITMQ)
  void call_survives_the_loss_of_the_broker(Pool pool, PoolFaults faults) throws Exception {
    assertThat(pool.apply(WarrenPoolIT::sleep, 1)).isEqualTo("slept");
    AsyncResult<String> result = pool.applyAsync(WarrenPoolIT::sleep, 300);
    faults.loseBroker();
    assertThat(result.await(Duration.ofSeconds(1))).isFalse();
    faults.restoreBroker();
    assertThat(result.get()).isEqualTo("slept");
  }

  @Nested
  class With_a_field {
    @WarrenPool(children = Children.THREADS)
    private Pool pool;

    @Test
    void field_and_parameter_are_the_same_pool(Pool other) {
      assertThat(other).isSameAs(pool);
      assertThat(pool.apply(WarrenPoolIT::pid, 0)).isEqualTo(ProcessHandle.current().pid());
    }
  }
}

package dev.warren.worker.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.worker.config.RecycleReason;
import dev.warren.worker.config.WorkerConfig;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RecyclePolicyTest {
  private static final Random RANDOM = new Random(7);

  private static RecyclePolicy draw(WorkerConfig.Builder config, int poolBound) {
    return RecyclePolicy.draw(config.build(), poolBound, RANDOM);
  }

  @Test
  void without_bounds_a_child_stays() {
    RecyclePolicy policy = draw(WorkerConfig.builder(), 0);
    assertThat(policy.reason(1_000_000_000, Long.MAX_VALUE - 1, 1L << 60, 1L << 60)).isNull();
  }

  @Test
  void a_bound_on_calls_is_spread_downwards_only() {
    for (int i = 0; i < 1000; i++) {
      assertThat(draw(WorkerConfig.builder().maxTasksPerChild(100), 0).maxCalls())
          .isBetween(90, 100);
      assertThat(draw(WorkerConfig.builder().maxTasksPerChild(7), 0).maxCalls()).isEqualTo(7);
      assertThat(draw(WorkerConfig.builder().maxTasksPerChild(1), 0).maxCalls()).isEqualTo(1);
    }
  }

  @Test
  void the_pools_bound_overrides_the_workers() {
    assertThat(draw(WorkerConfig.builder().maxTasksPerChild(1000), 3).maxCalls()).isEqualTo(3);
  }

  @Test
  void each_reason_contains_the_measured_value() {
    RecyclePolicy policy =
        draw(
            WorkerConfig.builder()
                .maxMemoryPerChild(512 << 20)
                .maxChildAge(Duration.ofSeconds(100))
                .maxChildIdle(Duration.ofSeconds(10)),
            5);
    long second = 1_000_000_000;
    assertThat(policy.reason(5, 0, 0, 0))
        .isEqualTo(new Recycling(RecycleReason.CALLS, "ran 5 calls"));
    assertThat(policy.reason(1, 600L << 20, 0, 0))
        .isEqualTo(new Recycling(RecycleReason.MEMORY, "memory 600 MiB over 512 MiB"));
    assertThat(policy.reason(1, 0, 101 * second, 0))
        .isEqualTo(new Recycling(RecycleReason.AGE, "age 101 s"));
    assertThat(policy.reason(1, 0, 0, 11 * second))
        .isEqualTo(new Recycling(RecycleReason.IDLE, "idle for 11 s"));
    assertThat(policy.reason(4, 512L << 20, 80 * second, 8 * second)).isNull();
  }
}

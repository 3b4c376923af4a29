package dev.warren.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PoolNamesTest {
  @Test
  void the_results_queue_of_a_durable_job_has_pinned_arguments() {
    Topology topology = PoolNames.jobResultsTopology("abc");
    assertThat(topology.exchanges()).isEmpty();
    assertThat(topology.bindings()).isEmpty();
    assertThat(topology.queues())
        .containsExactly(
            new Topology.Queue(
                "warren.results.job.abc",
                false,
                Map.of(
                    "x-queue-type",
                    "quorum",
                    "x-expires",
                    604_800_000L,
                    "x-single-active-consumer",
                    true,
                    "x-delivery-limit",
                    1_000_000_000,
                    "x-overflow",
                    "reject-publish",
                    "x-consumer-timeout",
                    691_200_000L)));
  }

  @Test
  void the_results_queue_of_a_durable_job_is_a_results_queue_to_workers() {
    assertThat(PoolNames.jobResults("abc")).isEqualTo(PoolNames.results("job.abc"));
  }

  @Test
  void a_results_queue_of_a_durable_job_is_kept_for_a_week() {
    assertThat(Duration.ofMillis(PoolNames.JOB_RESULTS_EXPIRE_MS)).isEqualTo(Duration.ofDays(7));
  }

  @Test
  void a_pool_name_that_a_queue_cannot_have_is_refused() {
    assertThatThrownBy(() -> new PoolNames("a b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'a b'");
  }
}

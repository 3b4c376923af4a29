package dev.warren.service.board;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.jobs.store.JobStatistics;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is different about failures. */
class ContrastTest {
  private static List<String> contrast(Map<String, Long> calls, Map<String, Long> failures) {
    JobStatistics statistics =
        new JobStatistics(
            calls,
            Map.of("cause", failures),
            Map.of(),
            Map.of("w-1", "host-a", "w-2", "host-b", "w-3", "host-b"),
            List.of());
    return new Contrast(statistics, List.of()).of("cause");
  }

  @Test
  void host_with_far_more_failures_than_calls_is_named() {
    assertThat(
            contrast(
                Map.of("w-1", 940L, "w-2", 30L, "w-3", 30L),
                Map.of("w-1", 3L, "w-2", 50L, "w-3", 47L)))
        .containsExactly("97 % on host-b, which ran 6 % of the calls");
  }

  @Test
  void failures_that_follow_the_calls_are_not_remarkable() {
    assertThat(contrast(Map.of("w-1", 900L, "w-2", 100L), Map.of("w-1", 90L, "w-2", 10L)))
        .isEmpty();
    assertThat(contrast(Map.of("w-1", 60L, "w-2", 40L), Map.of("w-1", 70L, "w-2", 30L))).isEmpty();
  }

  @Test
  void few_failures_or_a_single_host_prove_nothing() {
    assertThat(contrast(Map.of("w-1", 94L, "w-2", 6L), Map.of("w-2", 4L))).isEmpty();
    assertThat(contrast(Map.of("w-2", 100L), Map.of("w-2", 50L))).isEmpty();
    assertThat(contrast(Map.of(), Map.of())).isEmpty();
  }
}

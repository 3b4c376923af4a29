package dev.warren.service.board;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.jobs.store.JobStatistics;
import dev.warren.jobs.store.JobStatistics.ChildCounts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
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

  private static List<String> contrast(
      ChildCounts calls, long allCalls, ChildCounts failures, long allFailures) {
    JobStatistics statistics =
        new JobStatistics(
            Map.of("w-1", allCalls),
            Map.of("cause", Map.of("w-1", allFailures)),
            Map.of(),
            Map.of(),
            List.of(),
            calls,
            Map.of("cause", failures),
            Set.of());
    return new Contrast(statistics, List.of()).of("cause");
  }

  private static ChildCounts ages(Map<Long, Long> counts) {
    return new ChildCounts(counts, Map.of(), Map.of());
  }

  private static ChildCounts calls(Map<Long, Long> counts) {
    return new ChildCounts(Map.of(), counts, Map.of());
  }

  private static ChildCounts memory(Map<Long, Long> counts) {
    return new ChildCounts(Map.of(), Map.of(), counts);
  }

  @Test
  void age_of_children_is_named() {
    ChildCounts ran = ages(Map.of(0L, 300L, 60L, 580L, 600L, 90L, 1800L, 30L));
    assertThat(contrast(ran, 1000, ages(Map.of(60L, 9L, 600L, 60L, 1800L, 31L)), 100))
        .containsExactly("91 % in children older than 10 min, which ran 12 % of the calls");
    assertThat(contrast(ran, 1000, ages(Map.of(0L, 40L)), 40))
        .containsExactly("100 % in children younger than 1 min, which ran 30 % of the calls");
  }

  @Test
  void number_of_calls_since_the_start_of_the_child_is_named() {
    ChildCounts ran = calls(Map.of(0L, 50L, 1L, 50L, 100L, 300L, 400L, 500L, 900L, 100L));
    assertThat(contrast(ran, 1000, calls(Map.of(100L, 6L, 900L, 44L)), 50))
        .containsExactly(
            "88 % after at least 900 calls of their child, where 10 % of the calls ran");
    assertThat(contrast(ran, 1000, calls(Map.of(0L, 50L)), 50))
        .containsExactly("100 % in the first call of their child, where 5 % of the calls ran");
  }

  @Test
  void memory_of_children_is_named() {
    ChildCounts ran = memory(Map.of(100L, 800L, 300L, 120L, 400L, 80L));
    assertThat(contrast(ran, 1000, memory(Map.of(100L, 3L, 400L, 57L)), 60))
        .containsExactly(
            "95 % with at least 400 MiB resident in their child, where 8 % of the calls ran");
  }

  @Test
  void unknown_states_count_against_a_contrast() {
    ChildCounts ran = memory(Map.of(100L, 700L, 400L, 80L));
    assertThat(contrast(ran, 900, memory(Map.of(400L, 57L)), 60))
        .containsExactly(
            "at least 95 % with at least 400 MiB resident in their child, where at most 22 % of the"
                + " calls ran");
    assertThat(contrast(ran, 1600, memory(Map.of(400L, 57L)), 60)).isEmpty();
    assertThat(contrast(ran, 780, memory(Map.of(400L, 57L)), 120)).isEmpty();
    assertThat(contrast(ChildCounts.NONE, 1000, ChildCounts.NONE, 60)).isEmpty();
  }

  @Test
  void at_most_one_sentence_per_number_the_most_telling_first() {
    ChildCounts ran =
        new ChildCounts(
            Map.of(0L, 700L, 60L, 300L),
            Map.of(0L, 900L, 900L, 100L),
            Map.of(100L, 800L, 400L, 200L));
    ChildCounts failed = new ChildCounts(Map.of(60L, 100L), Map.of(900L, 100L), Map.of(400L, 100L));
    assertThat(contrast(ran, 1000, failed, 100))
        .containsExactly(
            "100 % after at least 900 calls of their child, where 10 % of the calls ran",
            "100 % with at least 400 MiB resident in their child, where 20 % of the calls ran",
            "100 % in children older than 1 min, which ran 30 % of the calls");
  }

  @Test
  void failures_after_a_retry_of_their_cause_alone_are_not_compared_with_all_calls() {
    JobStatistics statistics =
        new JobStatistics(
                Map.of("w-1", 940L, "w-2", 60L),
                Map.of("cause", Map.of("w-2", 100L), "other", Map.of("w-2", 100L)),
                Map.of(),
                Map.of(),
                List.of())
            .retried(Set.of("cause"), false);
    assertThat(new Contrast(statistics, List.of()).of("cause")).isEmpty();
    assertThat(new Contrast(statistics, List.of()).of("other")).hasSize(1);
  }

  /** Failures that depend on nothing, in children of random states on random hosts. */
  @Test
  void random_failures_are_not_remarkable() {
    int sentences = 0;
    int causes = 0;
    for (int seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      int hosts = 2 + random.nextInt(8);
      int limit = 1 + random.nextInt(2000);
      Map<String, Long> calls = new HashMap<>();
      List<Map<String, Long>> failures = new ArrayList<>();
      List<Map<Long, Long>> numbers = new ArrayList<>();
      List<List<Map<Long, Long>>> failed = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        numbers.add(new HashMap<>());
      }
      for (int cause = 0; cause < 10; cause++) {
        failures.add(new HashMap<>());
        failed.add(List.of(new HashMap<>(), new HashMap<>(), new HashMap<>()));
      }
      for (int call = 0; call < 5000; call++) {
        // uneven shares of hosts and states, as they are found
        String host = "w-" + (int) (hosts * Math.pow(random.nextDouble(), 3));
        long before = random.nextInt(limit);
        long[] state = {before / 20, before, 50 + before / 10 + random.nextInt(40)};
        calls.merge(host, 1L, Long::sum);
        int cause = random.nextInt(1000 / (1 + seed % 10));
        for (int i = 0; i < 3; i++) {
          long step = state[i] < 16 ? state[i] : Long.highestOneBit(state[i]);
          numbers.get(i).merge(step, 1L, Long::sum);
          if (cause < failures.size()) {
            failed.get(cause).get(i).merge(step, 1L, Long::sum);
          }
        }
        if (cause < failures.size()) {
          failures.get(cause).merge(host, 1L, Long::sum);
        }
      }
      Map<String, Map<String, Long>> byCause = new HashMap<>();
      Map<String, ChildCounts> children = new HashMap<>();
      for (int cause = 0; cause < failures.size(); cause++) {
        byCause.put("cause" + cause, failures.get(cause));
        children.put("cause" + cause, counts(failed.get(cause)));
      }
      Contrast contrast =
          new Contrast(
              new JobStatistics(
                  calls,
                  byCause,
                  Map.of(),
                  Map.of(),
                  List.of(),
                  counts(numbers),
                  children,
                  Set.of()),
              List.of());
      for (String cause : byCause.keySet()) {
        causes++;
        sentences += contrast.of(cause).size();
      }
    }
    assertThat(causes).isEqualTo(3000);
    // 4 kinds of sentences, each in at most one of 10,000 causes: 1.2 expected at most
    assertThat(sentences).isLessThanOrEqualTo(2);
  }

  private static ChildCounts counts(List<Map<Long, Long>> numbers) {
    return new ChildCounts(numbers.get(0), numbers.get(1), numbers.get(2));
  }
}

package dev.warren.jobs.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.jobs.store.JobStatistics;
import dev.warren.json.Json;
import dev.warren.pool.engine.pending.RanBy;
import dev.warren.task.Payload;
import dev.warren.wire.child.ChildState;
import dev.warren.wire.child.ChildStates;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is collected of calls besides their outcomes. */
class RunStatisticsTest {
  private static final ChildState OLD = new ChildState(600, 800, 400);
  private static final ChildState NEW = new ChildState(0, 0, -1);

  private static RanBy ran(String children, int calls) {
    return new RanBy(10, "w", ChildStates.parse(children, calls));
  }

  private static JobStatistics taken(RunStatistics statistics) {
    return Objects.requireNonNull(statistics.takeIfDue(0, true));
  }

  /** As a coordinator stores them and the next one reads them. */
  private static JobStatistics stored(JobStatistics statistics) {
    return Json.read(Payload.of(Json.write(statistics).text()), JobStatistics.class);
  }

  private static RunStatistics sample() {
    RunStatistics statistics = new RunStatistics(JobStatistics.NONE, 0);
    statistics.ran(ran("3*600/800/400,2*0/0/", 5), 5);
    statistics.failed("cause", 4, "w", OLD);
    statistics.failed("cause", 5, "w", NEW);
    return statistics;
  }

  @Test
  void calls_and_failures_are_counted_by_the_state_of_their_child() {
    JobStatistics statistics = taken(sample());
    assertThat(statistics.children().ageSeconds()).isEqualTo(Map.of(600L, 3L, 0L, 2L));
    assertThat(statistics.children().callsBefore()).isEqualTo(Map.of(800L, 3L, 0L, 2L));
    assertThat(statistics.children().mebibytes()).isEqualTo(Map.of(400L, 3L));
    assertThat(statistics.failedChildren().get("cause").callsBefore())
        .isEqualTo(Map.of(800L, 1L, 0L, 1L));
    assertThat(statistics.failedChildren().get("cause").mebibytes()).isEqualTo(Map.of(400L, 1L));
  }

  @Test
  void next_coordinator_goes_on_with_the_counts() {
    JobStatistics before = stored(taken(sample()));
    assertThat(before).isEqualTo(taken(sample()));
    RunStatistics next = new RunStatistics(before, 0);
    next.ran(ran("1*600/800/400", 1), 1);
    next.failed("cause", 9, "w", OLD);
    JobStatistics after = taken(next);
    assertThat(after.children().callsBefore()).isEqualTo(Map.of(800L, 4L, 0L, 2L));
    assertThat(after.failedChildren().get("cause").callsBefore())
        .isEqualTo(Map.of(800L, 2L, 0L, 1L));
  }

  @Test
  void statistics_of_an_older_version_know_nothing_of_children() {
    JobStatistics old =
        Json.read(Payload.of("{\"calls\":{\"w\":7},\"failures\":{}}"), JobStatistics.class);
    assertThat(old.children()).isEqualTo(JobStatistics.ChildCounts.NONE);
    assertThat(old.failedChildren()).isEmpty();
    RunStatistics next = new RunStatistics(old, 0);
    next.ran(new RanBy(1, "w", ChildStates.UNKNOWN), 3);
    next.failed("cause", 0, "w", ChildState.UNKNOWN);
    assertThat(taken(next).failedChildren()).isEmpty();
    assertThat(taken(sample()).calls()).isEqualTo(Map.of("w", 5L));
  }

  @Test
  void retried_failures_count_no_more() {
    RunStatistics statistics = sample();
    statistics.failed("other", 6, "w", OLD);
    JobStatistics part = taken(statistics).retried(Set.of("cause"), false);
    assertThat(part.failures()).containsOnlyKeys("other");
    assertThat(part.failedChildren()).containsOnlyKeys("other");
    assertThat(part.samples()).containsOnlyKeys("other");
    assertThat(part.calls()).isEqualTo(Map.of("w", 5L));
    assertThat(part.retriedApart()).containsExactly("cause");
    RunStatistics next = new RunStatistics(stored(part), 0);
    next.failed("cause", 7, "w", NEW);
    JobStatistics later = taken(next);
    assertThat(later.retriedApart()).containsExactly("cause");
    JobStatistics rest = later.retried(Set.of("cause", "other"), true);
    assertThat(rest.failures()).isEmpty();
    assertThat(rest.calls()).isEmpty();
    assertThat(rest.retriedApart()).isEmpty();
  }

  @Test
  void a_thousand_causes_in_children_of_many_states_are_a_small_row() {
    RunStatistics statistics = new RunStatistics(JobStatistics.NONE, 0);
    for (int cause = 0; cause < 2000; cause++) {
      for (long step = 0; step < 200; step++) {
        statistics.failed(
            "0123456789abcdef" + cause, step, "w", new ChildState(step % 14, step, 1000 + step));
      }
    }
    JobStatistics full = taken(statistics);
    int counts =
        full.failedChildren().values().stream()
            .mapToInt(
                of -> of.ageSeconds().size() + of.callsBefore().size() + of.mebibytes().size())
            .sum();
    assertThat(counts).isLessThanOrEqualTo(RunStatistics.MAX_CHILD_COUNTS + 3);
    assertThat(full.failures()).hasSize(RunStatistics.MAX);
    JobStatistics without =
        new JobStatistics(
            full.calls(), full.failures(), full.samples(), full.hosts(), full.times());
    assertThat(Json.write(full).length() - Json.write(without).length()).isLessThan(300_000);
  }
}

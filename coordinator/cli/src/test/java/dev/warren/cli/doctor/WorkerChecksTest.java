package dev.warren.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.wire.control.Heartbeat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WorkerChecksTest {

  @Test
  void slots_of_any_number_of_workers_are_summed_without_overflow() {
    Heartbeat beat =
        new Heartbeat(
            "w",
            "h",
            1,
            1,
            2_000_000_000,
            1_500_000_000,
            List.of(),
            false,
            1000,
            false,
            0,
            List.of(),
            0);
    List<WorkerChecks.Heard> heard =
        List.of(
            new WorkerChecks.Heard(beat, null, null, null, FailureRates.Calls.UNKNOWN, 0),
            new WorkerChecks.Heard(beat, null, null, null, FailureRates.Calls.UNKNOWN, 0));
    assertThat(WorkerChecks.summary(heard)).isEqualTo("2 with 4000000000 slots, 3000000000 busy");
  }

  @Test
  void a_slow_heartbeat_is_not_a_clock_that_is_behind() {
    assertThat(WorkerChecks.skew(1_500, 1_000, 9_000)).isZero();
    assertThat(WorkerChecks.skew(400, 1_000, 9_000)).isEqualTo(-600);
    assertThat(WorkerChecks.skew(9_900, 1_000, 9_000)).isEqualTo(900);
  }

  private static WorkerChecks.Heard worker(String name, @Nullable Object app) {
    Heartbeat beat =
        new Heartbeat(name, "h", 1, 1, 1, 0, List.of(), false, 1000, false, 0, List.of(), 0);
    return new WorkerChecks.Heard(beat, null, null, app, FailureRates.Calls.UNKNOWN, 0);
  }

  @Test
  void workers_with_different_builds_of_the_app_are_named() {
    Report report = new Report();
    WorkerChecks.compareApps(report, List.of(worker("w-1", "aa"), worker("w-2", "aa")));
    WorkerChecks.compareApps(report, List.of(worker("w-1", "aa"), worker("w-2", null)));
    assertThat(report.json()).doesNotContain("apps");
    WorkerChecks.compareApps(
        report, List.of(worker("w-1", "aa"), worker("w-2", "bb"), worker("w-3", "bb")));
    assertThat(report.json())
        .contains("2 different builds of --app: w-1 on h: aa; w-2 on h and others: bb");
  }
}

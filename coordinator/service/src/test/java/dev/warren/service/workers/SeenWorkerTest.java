package dev.warren.service.workers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.wire.control.Heartbeat;
import dev.warren.wire.control.SlotReport.State;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is remembered of a worker. */
class SeenWorkerTest {
  private final SeenWorker worker = new SeenWorker();

  private static long seconds(long count) {
    return TimeUnit.SECONDS.toNanos(count);
  }

  private static Heartbeat beat(int busy) {
    return new Heartbeat(
        "a", "host-a", 42, 1, 4, busy, List.of(), false, 10_000, false, 5, List.of(), 0);
  }

  @Test
  void heartbeats_alone_give_slots_without_details() {
    worker.heard(beat(3), seconds(0));
    WorkerState state = worker.state("a", seconds(1));
    assertThat(state.slots()).isEqualTo(4);
    assertThat(state.busy()).isEqualTo(3);
    assertThat(state.slotReports()).isEmpty();
    assertThat(state.recycled()).isEqualTo(5);
    assertThat(state.ageMillis()).isEqualTo(1000);
  }

  @Test
  void reports_count_slots_by_state_and_calls_by_difference() {
    assertThat(worker.heard(Reports.report("a", 1, 100, 0, 0, State.BUSY), seconds(0), 5)).isZero();
    State[] states = {State.BUSY, State.IDLE, State.STARTING, State.EMPTY};
    assertThat(worker.heard(Reports.report("a", 2, 130, 0, 0, states), seconds(2), 6))
        .isEqualTo(30);
    WorkerState state = worker.state("a", seconds(2));
    assertThat(state.slots()).isEqualTo(4);
    assertThat(state.busy()).isEqualTo(1);
    assertThat(state.starting()).isEqualTo(2);
    assertThat(state.reportedAtMillis()).isEqualTo(6);
  }

  @Test
  void report_that_was_overtaken_is_ignored() {
    worker.heard(Reports.report("a", 5, 100, 0, 0, State.BUSY), seconds(0), 0);
    assertThat(worker.heard(Reports.report("a", 4, 90, 0, 0, State.IDLE), seconds(1), 0)).isZero();
    assertThat(worker.state("a", seconds(1)).busy()).isEqualTo(1);
  }

  @Test
  void trouble_is_what_has_happened_in_the_last_minute() {
    worker.heard(Reports.report("a", 1, 100, 0, 0, State.BUSY), seconds(0), 0);
    assertThat(worker.state("a", seconds(0)).trouble()).isZero();
    worker.heard(Reports.report("a", 2, 200, 50, 1, State.BUSY), seconds(6), 0);
    assertThat(worker.state("a", seconds(6)).trouble()).isEqualTo(20 + 30);
    for (int second = 8; second < 100; second += 6) {
      worker.heard(Reports.report("a", second, 200, 50, 1, State.BUSY), seconds(second), 0);
    }
    assertThat(worker.state("a", seconds(100)).trouble()).isZero();
  }

  @Test
  void silent_worker_is_late_and_then_gone() {
    worker.heard(beat(0), seconds(0));
    worker.heard(Reports.report("a", 1, 0, 0, 0, State.IDLE), seconds(0), 0);
    assertThat(worker.state("a", seconds(4)).isLate()).isFalse();
    assertThat(worker.state("a", seconds(6)).isLate()).isTrue();
    assertThat(worker.state("a", seconds(6)).trouble()).isEqualTo(50);
    assertThat(worker.isSilent(seconds(34))).isFalse();
    assertThat(worker.isSilent(seconds(36))).isTrue();
  }
}

package dev.warren.worker.meter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.meter.Gauge;
import dev.warren.meter.Instrument;
import dev.warren.meter.Label;
import dev.warren.meter.Meter;
import dev.warren.meter.Meters;
import dev.warren.wire.TaskMessage;
import dev.warren.worker.config.KillReason;
import dev.warren.worker.config.RecycleReason;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WorkerMetersTest {
  private final Meters shown = new Meters();
  private final WorkerMeters meters = new WorkerMeters(shown);

  private List<Instrument> of(Meter meter) {
    return shown.instruments().stream().filter(i -> i.meter().equals(meter)).toList();
  }

  private double gauge(Meter meter, Enum<?> label) {
    return of(meter).stream()
        .filter(i -> i.labels().contains(Label.value(label)))
        .mapToDouble(i -> ((Gauge) i).value())
        .sum();
  }

  @Test
  void every_value_of_a_closed_label_is_shown_from_the_start() {
    meters.showPresent(pid -> 0);
    for (Meter meter : WorkerMeters.definitions()) {
      int series = meter.labels().stream().mapToInt(label -> label.values().size()).sum();
      assertThat(of(meter)).as(meter.name()).hasSize(meter.labels().isEmpty() ? 1 : series);
    }
  }

  @Test
  void ends_are_counted_by_the_reasons_for_kills_and_recycling() {
    meters.childKilled(KillReason.MEMORY_LIMIT);
    meters.childRecycled(RecycleReason.MEMORY_LIMIT);
    meters.childRecycled(RecycleReason.CALLS);
    meters.childDied(true);
    meters.childDied(false);
    meters.childStopped();
    for (String why :
        List.of(
            "killed_memory_limit",
            "recycled_memory_limit",
            "recycled_calls",
            "died",
            "not_ready",
            "stopped")) {
      assertThat(shown.counter(Definitions.CHILD_ENDS, why).count()).as(why).isEqualTo(1);
    }
  }

  @Test
  void the_first_functions_have_times_of_their_own_and_the_others_share_one() {
    for (int i = 0; i < 250; i++) {
      meters.ran("a.B::f" + i + "(I)I", 2, 10);
      meters.ran("a.B::f" + i + "(J)J", 1, 10);
    }
    assertThat(of(Definitions.RUN)).hasSizeLessThanOrEqualTo(FunctionTimes.MAX + 1);
    assertThat(shown.histogram(Definitions.RUN, "a.B::f0").count()).isEqualTo(3);
    // two functions of the same name take two places
    int others = 250 - FunctionTimes.MAX / 2;
    assertThat(shown.histogram(Definitions.RUN, "other").count()).isEqualTo(others * 3L);
  }

  @Test
  void the_name_of_a_function_is_cut() {
    meters.ran("a".repeat(5000) + "::f", 1, 1);
    assertThat(of(Definitions.RUN).get(0).labels().get(0)).hasSize(200);
  }

  @Test
  void attempts_are_counted_by_the_latest_loss_or_failure() {
    assertThat(AttemptReason.of(TaskMessage.Counts.FIRST)).isEqualTo(AttemptReason.FIRST);
    assertThat(AttemptReason.of(new TaskMessage.Counts(2, 0, 0))).isEqualTo(AttemptReason.FAILED);
    assertThat(AttemptReason.of(new TaskMessage.Counts(2, 1, 0)))
        .isEqualTo(AttemptReason.CHILD_LOST);
    assertThat(AttemptReason.of(new TaskMessage.Counts(2, 1, 1)))
        .isEqualTo(AttemptReason.HOST_LOST);
  }

  @Test
  void slots_are_busy_idle_or_without_a_child() {
    meters.showPresent(pid -> 0);
    meters.show(new ChildrenNow(2, 3, 4, List.of(), 5_000_000));
    assertThat(gauge(Definitions.SLOTS, SlotState.BUSY)).isEqualTo(2);
    assertThat(gauge(Definitions.SLOTS, SlotState.IDLE)).isEqualTo(2);
    assertThat(gauge(Definitions.SLOTS, SlotState.STARTING)).isZero();
    meters.show(new ChildrenNow(1, 0, 4, List.of(), 0));
    assertThat(gauge(Definitions.SLOTS, SlotState.STARTING)).isEqualTo(3);
  }

  @Test
  void memory_is_read_once_for_all_its_statistics() {
    AtomicInteger reads = new AtomicInteger();
    meters.showPresent(
        pid -> {
          reads.incrementAndGet();
          return pid * 100;
        });
    meters.show(new ChildrenNow(0, 2, 2, List.of(1L, 2L), 0));
    assertThat(gauge(Definitions.CHILD_MEMORY, MemoryStat.SUM)).isEqualTo(300);
    assertThat(gauge(Definitions.CHILD_MEMORY, MemoryStat.MAX)).isEqualTo(200);
    assertThat(reads.get()).isEqualTo(2);
  }
}

package dev.warren.worker.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.meter.Counter;
import dev.warren.meter.Histogram;
import dev.warren.meter.Instrument;
import dev.warren.meter.Meters;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a supervisor counts of its children's lives. */
class ChildMetersTest {
  private final Meters shown = new Meters();
  private SupervisorRig rig;

  private SupervisorRig rig(int slots, int spares, int maxCalls) {
    rig =
        new SupervisorRig(
            SupervisorRig.slots(slots).spares(spares).maxTasksPerChild(maxCalls).meters(shown));
    return rig;
  }

  @AfterEach
  void close() throws IOException {
    rig.close();
  }

  /** Values other than zero of a meter with one label. */
  private Map<String, Long> values(String name) {
    Map<String, Long> values = new TreeMap<>();
    for (Instrument instrument : shown.instruments()) {
      if (instrument.meter().name().equals(name)) {
        long count =
            instrument instanceof Counter counter
                ? counter.count()
                : ((Histogram) instrument).count();
        if (count > 0) {
          values.put(String.join(",", instrument.labels()), count);
        }
      }
    }
    return values;
  }

  @Test
  void a_child_that_dies_is_counted_and_replaced() {
    rig(1, 0, 0).submit(FakeWork.calls(1));
    rig.child(0).exits(137);
    rig.settle();
    rig.loop.advanceMillis(1000);
    rig.startChildren();
    assertThat(values("warren_child_ends_total")).isEqualTo(Map.of("died", 1L));
    assertThat(values("warren_child_starts_total")).isEqualTo(Map.of("slot", 1L, "lost", 1L));
    assertThat(values("warren_spare_takeovers_total")).isEqualTo(Map.of("late", 1L));
    assertThat(values("warren_child_start_seconds")).containsEntry("", 2L);
  }

  @Test
  void a_recycled_child_is_counted_when_it_has_left() {
    rig(1, 0, 1).submit(FakeWork.calls(1));
    rig.child(0).answerAll(10);
    rig.settle();
    rig.startChildren();
    rig.child(0).exits(0);
    rig.settle();
    rig.loop.advanceMillis(1000);
    assertThat(values("warren_child_ends_total")).isEqualTo(Map.of("recycled_calls", 1L));
    assertThat(values("warren_child_starts_total")).isEqualTo(Map.of("slot", 1L, "recycled", 1L));
  }

  /** Lets children start one after another, this many times. */
  private void startAll(int count) {
    for (int i = 0; i < count; i++) {
      rig.startChildren();
      rig.loop.advanceMillis(1000);
    }
  }

  @Test
  void recycled_children_that_end_before_their_successors_start_are_no_losses() {
    int slots = 2 + 2 * Runtime.getRuntime().availableProcessors(); // more than may start at once
    rig(slots, 0, 1);
    startAll(slots);
    rig.submit(FakeWork.calls(slots));
    for (int i = 0; i < slots; i++) {
      rig.child(i).answerAll(10);
      rig.child(i).exits(0);
    }
    rig.settle();
    startAll(slots);
    long all = slots;
    assertThat(values("warren_child_ends_total")).isEqualTo(Map.of("recycled_calls", all));
    assertThat(values("warren_child_starts_total")).isEqualTo(Map.of("slot", all, "recycled", all));
  }

  @Test
  void a_call_is_timed_from_its_arrival_and_by_its_function() {
    rig(1, 0, 0).submit(FakeWork.calls(3));
    rig.child(0).answerAll(3000);
    rig.settle();
    assertThat(values("warren_run_seconds")).isEqualTo(Map.of("a.B::c", 1L));
    assertThat(values("warren_queue_wait_seconds").get("")).isPositive();
  }

  @Test
  void children_that_end_with_their_worker_are_no_losses() {
    rig(1, 0, 0).submit(FakeWork.calls(1));
    rig.supervisor.killAll();
    rig.settle();
    rig.child(0).exits(137);
    rig.settle();
    assertThat(values("warren_child_ends_total")).isEqualTo(Map.of("killed_worker_stops", 1L));
    assertThat(values("warren_spare_takeovers_total")).isEmpty();
  }
}

package dev.warren.pool.engine.submit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.pool.engine.pending.CallTimes;
import org.junit.jupiter.api.Test;

class WindowTest {
  private static final int SLOTS = 4;

  private static int limit(long callMicros, long wayMillis) {
    CallTimes.Measured times = new CallTimes.Measured();
    times.add(1, (double) callMicros);
    ChunkPlan plan = new ChunkPlan(0, times, () -> ChunkPlan.TARGET_MICROS);
    for (int i = 0; i < 16; i++) {
      plan.sent(plan.next(SLOTS, -1));
    }
    return Window.ended().limit(plan, SLOTS, plan.next(SLOTS, -1), wayMillis * 1000);
  }

  @Test
  void calls_are_in_flight_for_their_run_and_the_round_trip() {
    // of 50 ms: three times as many as slots, if the round trip takes 100 ms
    assertThat(limit(50_000, 100)).isBetween(12 + SLOTS, 40);
    assertThat(limit(5_000, 100)).isBetween(84 + 4 * SLOTS, 300);
    assertThat(limit(5_000, 800)).isBetween(644 + 4 * SLOTS, 1500);
  }

  @Test
  void without_a_round_trip_the_window_is_what_the_slots_need() {
    assertThat(limit(50_000, 0)).isEqualTo(4 * SLOTS);
    assertThat(limit(5_000, 0)).isEqualTo(4 * 4 * SLOTS);
  }

  @Test
  void the_round_trip_does_not_matter_for_long_calls() {
    assertThat(limit(10_000_000, 100)).isEqualTo(limit(10_000_000, 0));
  }

  @Test
  void the_byte_bound_and_a_configured_window_hold_for_any_round_trip() {
    CallTimes.Measured times = new CallTimes.Measured();
    times.add(1, 100);
    ChunkPlan plan = new ChunkPlan(1, times, () -> ChunkPlan.TARGET_MICROS);
    Window large = Window.ended();
    large.add(100L << 20, 1);
    for (int i = 0; i < 1000; i++) {
      large.add(100L << 20, 1);
    }
    assertThat(large.limit(plan, SLOTS, 1, 1_000_000)).isEqualTo(2 * SLOTS);
    assertThat(Window.taken(7).limit(plan, SLOTS, 1, 1_000_000)).isEqualTo(7);
  }

  @Test
  void a_message_holds_the_wanted_amount_of_work() {
    CallTimes.Measured times = new CallTimes.Measured();
    times.add(1, 50_000);
    ChunkPlan far = new ChunkPlan(0, times, () -> 900_000);
    for (int i = 0; i < 16; i++) {
      far.sent(far.next(SLOTS, -1));
    }
    assertThat(far.next(SLOTS, -1)).isEqualTo(18);
    assertThat(far.next(SLOTS, 80)).as("towards the end").isEqualTo(10);
  }
}

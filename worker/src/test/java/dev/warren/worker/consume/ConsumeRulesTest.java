package dev.warren.worker.consume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.wire.CallRanges;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The small tables and rules behind {@link TaskConsumer}. */
class ConsumeRulesTest {

  @Test
  void long_tasks_are_not_hoarded_and_short_ones_are_held_ahead() {
    PrefetchPolicy policy = new PrefetchPolicy(4, () -> Duration.ZERO);
    assertThat(policy.current()).isEqualTo(4);
    assertThat(policy.measured(10_000_000)).isFalse();
    assertThat(policy.current()).isEqualTo(4);
    PrefetchPolicy busy = new PrefetchPolicy(4, () -> Duration.ZERO);
    assertThat(busy.measured(100)).isTrue();
    assertThat(busy.current()).isEqualTo(804);
    assertThat(busy.measured(10_000_000)).as("one long task among short ones").isFalse();
    assertThat(busy.measured(100)).isFalse();
    assertThat(busy.measured(10_000_000)).isFalse();
    assertThat(busy.current()).isEqualTo(804);
    assertThat(busy.measured(10_000_000)).as("two in a row").isTrue();
    assertThat(busy.current()).isEqualTo(4);
  }

  @Test
  void small_changes_of_the_task_time_do_not_change_the_prefetch() {
    PrefetchPolicy policy = new PrefetchPolicy(2, () -> Duration.ZERO);
    policy.measured(1000);
    int before = policy.current();
    for (int i = 0; i < 100; i++) {
      assertThat(policy.measured(900 + 2 * i)).isFalse();
    }
    assertThat(policy.current()).isEqualTo(before);
  }

  @Test
  void prefetch_covers_a_run_and_two_round_trips() {
    // each delivery of 50 ms is held for 250 ms: five times as many as slots, and a few ahead
    assertThat(held(4, 100, 50_000)).isBetween(20, 28);
    assertThat(held(4, 20, 50_000)).isBetween(8, 12);
    assertThat(held(4, 100, 5_000)).isBetween(164, 250);
    assertThat(held(2, 400, 50_000)).isBetween(34, 48);
    assertThat(held(64, 1000, 1000)).isEqualTo(PrefetchPolicy.MAX);
  }

  @Test
  void long_tasks_are_not_prefetched_at_any_round_trip_time() {
    assertThat(held(4, 100, 10_000_000)).isEqualTo(4);
    assertThat(held(4, 1000, 60_000_000)).isEqualTo(4);
    assertThat(held(4, 100, 2_000_000)).isEqualTo(4);
    assertThat(held(1, 100, 5_000_000)).isEqualTo(1);
  }

  @Test
  void a_short_round_trip_is_covered_by_the_normal_prefetch() {
    assertThat(held(4, 0, 20_000)).as("20 ms of work for each slot").isEqualTo(8);
    assertThat(held(4, 4, 20_000)).isEqualTo(8);
    assertThat(held(4, 4, 50_000)).isEqualTo(4);
    assertThat(held(4, 0, 200_000)).isEqualTo(4);
  }

  @Test
  void the_prefetch_follows_the_round_trip_time() {
    Duration[] roundTrip = {Duration.ofMillis(1)};
    PrefetchPolicy policy = new PrefetchPolicy(4, () -> roundTrip[0]);
    policy.measured(50_000);
    int near = policy.current();
    roundTrip[0] = Duration.ofMillis(100);
    assertThat(policy.measured(50_000)).isTrue();
    assertThat(policy.current()).isGreaterThan(3 * near);
    roundTrip[0] = Duration.ofMillis(1);
    assertThat(policy.measured(50_000)).isTrue();
    assertThat(policy.current()).isBetween(near, near + 1);
  }

  @Test
  void idle_slots_justify_a_quarter_more_prefetch() {
    PrefetchPolicy policy = new PrefetchPolicy(10, () -> Duration.ofMillis(100));
    policy.measured(500_000);
    assertThat(policy.current()).isEqualTo(15);
  }

  private static int held(int slots, int roundTripMillis, long taskMicros) {
    PrefetchPolicy policy = new PrefetchPolicy(slots, () -> Duration.ofMillis(roundTripMillis));
    policy.measured(taskMicros);
    return policy.current();
  }

  @Test
  void prefetch_is_high_while_a_crowd_of_suspects_is_deferred() {
    PrefetchPolicy policy = new PrefetchPolicy(2, () -> Duration.ZERO);
    assertThat(policy.redeliveryBacklog(true)).isTrue();
    assertThat(policy.redeliveryBacklog(true)).isFalse();
    assertThat(policy.current()).isEqualTo(PrefetchPolicy.CROWD);
    policy.measured(10_000_000);
    assertThat(policy.current()).isEqualTo(PrefetchPolicy.CROWD);
    assertThat(policy.redeliveryBacklog(false)).isTrue();
    assertThat(policy.current()).isEqualTo(2);
  }

  @Test
  void cancelled_calls_are_remembered_by_owner_and_number() {
    Cancellations cancellations = new Cancellations();
    cancellations.add("a", CallRanges.parse("5-9,20"));
    assertThat(cancellations.contains("a", 5)).isTrue();
    assertThat(cancellations.contains("a", 9)).isTrue();
    assertThat(cancellations.contains("a", 20)).isTrue();
    assertThat(cancellations.contains("a", 10)).isFalse();
    assertThat(cancellations.contains("b", 5)).isFalse();
    cancellations.add("b", null);
    assertThat(cancellations.wholly("b")).isTrue();
    assertThat(cancellations.wholly("a")).isFalse();
  }

  @Test
  void settled_tasks_are_remembered_up_to_a_bound() {
    SettledTasks settled = new SettledTasks();
    int last = 2 * SettledTasks.KEPT;
    for (int i = 0; i <= last; i++) {
      settled.add("t" + i);
    }
    assertThat(settled.contains("t0")).isFalse();
    assertThat(settled.contains("t" + (last - SettledTasks.KEPT))).isTrue();
    assertThat(settled.contains("t" + last)).isTrue();
  }
}

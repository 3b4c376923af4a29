package dev.warren.worker.consume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.wire.CallRanges;
import org.junit.jupiter.api.Test;

/** The small tables and rules behind {@link TaskConsumer}. */
class ConsumeRulesTest {

  @Test
  void long_tasks_are_not_hoarded_and_short_ones_are_held_ahead() {
    PrefetchPolicy policy = new PrefetchPolicy(4);
    assertThat(policy.current()).isEqualTo(4);
    assertThat(policy.measured(10_000_000)).isFalse();
    assertThat(policy.current()).isEqualTo(4);
    PrefetchPolicy busy = new PrefetchPolicy(4);
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
  void small_changes_of_the_time_change_nothing() {
    PrefetchPolicy policy = new PrefetchPolicy(2);
    policy.measured(1000);
    int before = policy.current();
    for (int i = 0; i < 100; i++) {
      assertThat(policy.measured(900 + 2 * i)).isFalse();
    }
    assertThat(policy.current()).isEqualTo(before);
  }

  @Test
  void many_are_let_in_while_a_crowd_of_suspects_passes() {
    PrefetchPolicy policy = new PrefetchPolicy(2);
    assertThat(policy.crowd(true)).isTrue();
    assertThat(policy.crowd(true)).isFalse();
    assertThat(policy.current()).isEqualTo(PrefetchPolicy.CROWD);
    policy.measured(10_000_000);
    assertThat(policy.current()).isEqualTo(PrefetchPolicy.CROWD);
    assertThat(policy.crowd(false)).isTrue();
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

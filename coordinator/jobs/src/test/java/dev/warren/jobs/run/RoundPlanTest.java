package dev.warren.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.jobs.store.CallNumber;
import dev.warren.wire.CallRanges;
import org.junit.jupiter.api.Test;

class RoundPlanTest {
  @Test
  void the_first_round_runs_all_calls_in_order() {
    RoundPlan plan = RoundPlan.all(10);
    assertThat(plan.size()).isEqualTo(10);
    assertThat(plan.at(0, 4)).isEqualTo(new RoundPlan.Run(0, 4));
    assertThat(plan.at(8, 4)).isEqualTo(new RoundPlan.Run(8, 2));
    assertThat(plan.number(9)).isEqualTo(9);
  }

  @Test
  void a_job_without_calls_has_nothing_to_run() {
    assertThat(RoundPlan.all(0).size()).isZero();
  }

  @Test
  void a_retry_runs_only_the_calls_that_were_reset() {
    CallRanges.Builder reset = new CallRanges.Builder();
    reset.add(CallNumber.of(2, 3));
    reset.add(CallNumber.of(2, 7), CallNumber.of(2, 9));
    reset.add(CallNumber.of(2, 50));
    RoundPlan plan = RoundPlan.of(2, reset.build());
    assertThat(plan.size()).isEqualTo(5);
    assertThat(plan.at(0, 100)).isEqualTo(new RoundPlan.Run(3, 1));
    assertThat(plan.at(1, 100)).isEqualTo(new RoundPlan.Run(7, 3));
    assertThat(plan.at(2, 1)).isEqualTo(new RoundPlan.Run(8, 1));
    assertThat(plan.at(4, 100)).isEqualTo(new RoundPlan.Run(50, 1));
    assertThat(CallNumber.round(plan.number(50))).isEqualTo(2);
    assertThat(CallNumber.index(plan.number(50))).isEqualTo(50);
  }
}

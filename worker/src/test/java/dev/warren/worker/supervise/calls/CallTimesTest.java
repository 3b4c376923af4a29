package dev.warren.worker.supervise.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.worker.meter.WorkerMeters;
import org.junit.jupiter.api.Test;

class CallTimesTest {
  private final CallTimes times = new CallTimes(WorkerMeters.detached());

  @Test
  void an_unknown_function_is_given_one_call_at_a_time() {
    assertThat(times.depth("a::b", true)).isEqualTo(1);
    assertThat(times.depth("a::b", false)).isEqualTo(1);
  }

  @Test
  void short_calls_are_given_ahead_and_long_ones_are_not() {
    times.measured("short", 1000, 10_000);
    assertThat(times.depth("short", true)).isEqualTo(1000);
    assertThat(times.depth("short", false)).isEqualTo(300);
    times.measured("long", 1, 1_000_000);
    assertThat(times.depth("long", true)).isEqualTo(1);
    assertThat(times.depth("long", false)).isEqualTo(1);
  }

  @Test
  void one_long_call_resets_the_depth_at_once_for_children_that_cannot_return_calls() {
    times.measured("f", 1000, 1000);
    assertThat(times.depth("f", false)).isGreaterThan(1000);
    times.measured("f", 1, 200_000);
    assertThat(times.depth("f", false)).isEqualTo(1);
  }

  @Test
  void a_few_long_calls_do_not_reset_the_depth_for_children_that_can_return_calls() {
    for (int i = 0; i < 300; i++) {
      times.measured("f", 1, i % 100 == 50 ? 200_000 : 2000);
    }
    assertThat(times.depth("f", true)).isEqualTo(4);
    for (int i = 0; i < 30; i++) {
      times.measured("f", 1, 200_000);
    }
    assertThat(times.depth("f", true)).isEqualTo(1);
  }

  @Test
  void the_depth_has_a_bound() {
    times.measured("nothing", 1_000_000, 1);
    assertThat(times.depth("nothing", true)).isEqualTo(CallTimes.MAX_AHEAD);
  }
}

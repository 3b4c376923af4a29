package dev.warren.worker.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CallTimesTest {
  private final CallTimes times = new CallTimes();

  @Test
  void an_unknown_function_is_given_one_call_at_a_time() {
    assertThat(times.depth("a::b")).isEqualTo(1);
  }

  @Test
  void short_calls_are_given_ahead_and_long_ones_are_not() {
    times.measured("short", 1000, 10_000);
    assertThat(times.depth("short")).isEqualTo(300);
    times.measured("long", 1, 1_000_000);
    assertThat(times.depth("long")).isEqualTo(1);
  }

  @Test
  void one_long_call_ends_the_depth_of_short_ones_at_once() {
    times.measured("f", 1000, 1000);
    assertThat(times.depth("f")).isGreaterThan(1000);
    times.measured("f", 1, 200_000);
    assertThat(times.depth("f")).isEqualTo(1);
  }

  @Test
  void the_depth_has_a_bound() {
    times.measured("nothing", 1_000_000, 1);
    assertThat(times.depth("nothing")).isEqualTo(CallTimes.MOST_AHEAD);
  }
}

package dev.warren.trace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which values of the two headers are a context. */
class TraceContextTest {
  private static final String IDS = "-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-";

  private static TraceContext context(String parent) {
    TraceContext context = TraceContext.of(parent, null);
    assertThat(context).as(parent).isNotNull();
    return context;
  }

  @Test
  void the_flag_says_whether_a_trace_is_recorded() {
    assertThat(context("00" + IDS + "01").isSampled()).isTrue();
    assertThat(context("00" + IDS + "03").isSampled()).isTrue();
    TraceContext not = context("00" + IDS + "02");
    assertThat(not.isSampled()).isFalse();
    assertThat(not.sampled(false)).isSameAs(not);
    assertThat(not.sampled(true).parent()).isEqualTo("00" + IDS + "03");
  }

  @Test
  void a_later_version_is_read_as_the_known_one() {
    assertThat(context("01" + IDS + "01").parent()).isEqualTo("00" + IDS + "01");
    assertThat(context("cc" + IDS + "01-more").parent()).isEqualTo("00" + IDS + "01");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "00" + IDS + "1",
        "00" + IDS + "01-more",
        "00" + IDS + "01 ",
        "ff" + IDS + "01",
        "cc" + IDS + "01more",
        "00" + IDS + "0G",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00_4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7_01"
      })
  void anything_else_is_no_context(String parent) {
    assertThat(TraceContext.of(parent, "a=1")).isNull();
  }

  @Test
  void values_of_other_types_and_long_ones_are_no_context() {
    assertThat(TraceContext.of(null, null)).isNull();
    assertThat(TraceContext.of(7L, null)).isNull();
    assertThat(TraceContext.of("cc" + IDS + "01-" + "x".repeat(500), null)).isNull();
  }

  @Test
  void a_state_that_cannot_be_read_is_left_out() {
    String parent = "00" + IDS + "01";
    assertThat(TraceContext.of(parent, "a=1,b=2").state()).isEqualTo("a=1,b=2");
    assertThat(TraceContext.of(parent, "x".repeat(513)).state()).isNull();
    assertThat(TraceContext.of(parent, "a=\n").state()).isNull();
    assertThat(TraceContext.of(parent, " ").state()).isNull();
    assertThat(TraceContext.of(parent, true).state()).isNull();
  }
}

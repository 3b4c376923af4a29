package dev.warren.wire.child;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** The states of children beside the outcomes of their calls. */
class ChildStatesTest {
  private static ChildStates.Builder builder() {
    return new ChildStates.Builder();
  }

  private static ChildStates of(int calls, ChildState first) {
    ChildStates.Builder builder = builder();
    builder.add(calls, first);
    return builder.build();
  }

  @Test
  void numbers_are_rounded_down_to_steps() {
    assertThat(of(1, new ChildState(719, 931, 470))).hasToString("1*600/800/400");
    assertThat(of(1, new ChildState(0, 0, 63))).hasToString("1*0/0/60");
    assertThat(of(1, new ChildState(59, 11, -1))).hasToString("1*30/10/");
    assertThat(of(1, new ChildState(100_000_000, 7, 1_999))).hasToString("1*604800/6/1500");
  }

  @Test
  void each_number_is_in_the_step_that_begins_at_or_below_it() {
    for (long number = 0; number < 2_000_000; number = number * 21 / 20 + 1) {
      assertThat(Steps.number(number)).isLessThanOrEqualTo(number);
      assertThat(Steps.next(number)).isGreaterThan(number);
      assertThat(Steps.number(Steps.next(number))).isEqualTo(Steps.next(number));
      assertThat(Steps.number(Steps.next(number) - 1)).isEqualTo(Steps.number(number));
    }
    assertThat(Steps.number(Long.MAX_VALUE)).isPositive();
    assertThat(Steps.next(Long.MAX_VALUE / 2)).isPositive();
  }

  @Test
  void calls_of_one_child_are_split_where_a_step_begins() {
    assertThat(of(12, new ChildState(5, 3, 64)))
        .hasToString("1*3/3/60,1*3/4/60,1*3/5/60,2*3/6/60,2*3/8/60,2*3/10/60,3*3/12/60");
    assertThat(of(1000, new ChildState(5, 100_000, 64))).hasToString("1000*3/100000/60");
    assertThat(of(7, ChildState.UNKNOWN).isUnknown()).isTrue();
  }

  @Test
  void calls_in_children_of_the_same_state_are_told_together() {
    ChildStates.Builder builder = builder();
    builder.add(3, new ChildState(5, 100, 64));
    builder.add(2, new ChildState(6, 110, 66));
    builder.add(4, ChildState.UNKNOWN);
    assertThat(builder.build()).hasToString("5*3/100/60,4*//");
  }

  @Test
  void text_is_read_as_it_was_written() {
    Random random = new Random(11);
    for (int round = 0; round < 200; round++) {
      ChildStates.Builder builder = builder();
      int calls = 0;
      for (int run = random.nextInt(20); run >= 0; run--) {
        int count = 1 + random.nextInt(50);
        calls += count;
        builder.add(
            count,
            new ChildState(random.nextInt(5000), random.nextInt(3000), random.nextInt(500) - 1));
      }
      ChildStates written = builder.build();
      ChildStates read = ChildStates.parse(written.toString(), calls);
      assertThat(read).hasToString(written.toString());
      int from = random.nextInt(calls);
      int to = from + 1 + random.nextInt(calls - from);
      ChildStates slice = read.slice(from, to);
      for (int i = from; i < to; i++) {
        assertThat(slice.at(i - from)).isEqualTo(read.at(i));
      }
    }
  }

  @Test
  void wrong_text_tells_nothing() {
    for (String text :
        new String[] {"", "x", "3*1/2/3,", "2*1/2/3", "*1/2/3", "-1*1/2/3", "3*1/2", "3*a/b/c"}) {
      assertThat(ChildStates.parse(text, 3).isUnknown()).as(text).isTrue();
    }
    assertThat(ChildStates.parse(null, 3).isUnknown()).isTrue();
    assertThat(ChildStates.parse(17, 3).isUnknown()).isTrue();
    assertThat(ChildStates.parse("1*0/0/0,".repeat(2000) + "1*0/0/0", 2001).isUnknown()).isTrue();
    assertThat(ChildStates.parse("3*1/2/3/9", 3).at(2)).isEqualTo(new ChildState(1, 2, 3));
  }

  @Test
  void message_with_too_many_states_tells_nothing() {
    ChildStates.Builder builder = builder();
    for (int i = 0; i < 2000; i++) {
      builder.add(1, new ChildState(0, i % 2, 0));
    }
    assertThat(builder.build().isUnknown()).isTrue();
  }
}

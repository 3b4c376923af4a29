package dev.warren.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallRangesTest {
  /** Returns typical numbers: consecutive runs, gaps, and occasional backward steps. */
  private static long[] numbers(Random random) {
    long[] numbers = new long[1 + random.nextInt(200)];
    long next = random.nextInt(1000);
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = next;
      next = random.nextInt(5) == 0 ? Math.max(0, next + random.nextInt(2001) - 1000) : next + 1;
    }
    return numbers;
  }

  private static long[] toArray(CallRanges ranges) {
    List<Long> all = new ArrayList<>();
    ranges.forEach(all::add);
    return all.stream().mapToLong(Long::longValue).toArray();
  }

  @Test
  void any_numbers_in_any_order_survive_their_text_form() {
    Random random = new Random(1);
    for (int round = 0; round < 500; round++) {
      long[] numbers = numbers(random);
      CallRanges ranges = CallRanges.of(numbers);
      CallRanges read = CallRanges.parse(ranges.toString());
      assertThat(toArray(ranges)).isEqualTo(numbers);
      assertThat(read).isEqualTo(ranges).hasSameHashCodeAs(ranges);
      assertThat(read.count()).isEqualTo(numbers.length);
      for (int i = 0; i < numbers.length; i++) {
        assertThat(read.get(i)).isEqualTo(numbers[i]);
      }
    }
  }

  @Test
  void a_slice_has_the_same_numbers_as_the_array_slice() {
    Random random = new Random(2);
    for (int round = 0; round < 500; round++) {
      long[] numbers = numbers(random);
      int from = random.nextInt(numbers.length + 1);
      int to = from + random.nextInt(numbers.length + 1 - from);
      CallRanges slice = CallRanges.of(numbers).slice(from, to);
      assertThat(toArray(slice)).isEqualTo(Arrays.copyOfRange(numbers, from, to));
      assertThat(slice.count()).isEqualTo(to - from);
    }
  }

  @Test
  void neighbours_share_a_range() {
    assertThat(CallRanges.of(new long[] {17, 18, 19, 25, 40, 41})).hasToString("17-19,25,40-41");
    assertThat(CallRanges.of(5, 3)).hasToString("5-7");
    assertThat(CallRanges.of(5, 1)).hasToString("5");
  }

  @Test
  void a_position_out_of_range_is_refused() {
    assertThatThrownBy(() -> CallRanges.of(5, 3).get(3))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",",
        "1,",
        "a",
        "1-",
        "-1",
        "3-2",
        "1-2-3",
        "0-10000000",
        "1 ",
        "0-9999999,1",
        "0-9223372036854775807",
        "99999999999999999999"
      })
  void malformed_text_is_refused_by_the_headers_name(String text) {
    assertThatThrownBy(() -> CallRanges.parse(text))
        .isInstanceOf(WireFormatException.class)
        .hasMessageStartingWith("warren-calls: ");
  }
}

package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MapValuesTest {

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 16, 17, 65_535, 65_536, 65_537, 200_000})
  void values_stored_in_any_order_are_listed_in_theirs(int count) {
    MapValues<Integer> values = new MapValues<>(0);
    values.makeRoom(count);
    for (int i = count - 1; i >= 0; i--) {
      values.put(i, 3 * i);
    }
    assertThat(values.list(count))
        .isEqualTo(IntStream.range(0, count).map(i -> 3 * i).boxed().toList());
  }

  @Test
  void room_may_grow_between_values() {
    MapValues<Integer> values = new MapValues<>(0);
    for (int i = 0; i < 150_000; i++) {
      values.makeRoom(i + 1);
      values.put(i, i);
    }
    assertThat(values.list(150_000)).isEqualTo(IntStream.range(0, 150_000).boxed().toList());
  }

  @Test
  void nulls_are_values() {
    MapValues<@Nullable String> values = new MapValues<>(2);
    values.put(1, null);
    values.put(0, "a");
    assertThat(values.list(2)).isEqualTo(Arrays.asList("a", null));
  }

  @Test
  void the_list_can_be_changed_as_any_other() {
    MapValues<Integer> values = new MapValues<>(1);
    values.put(0, 1);
    List<Integer> list = values.list(1);
    assertThat(list).isInstanceOf(ArrayList.class);
    list.add(2);
    assertThat(list).containsExactly(1, 2);
  }

  @Test
  void more_values_than_a_list_can_hold_are_refused_with_the_remedy() {
    MapValues<Integer> values = new MapValues<>(0);
    assertThatThrownBy(() -> values.makeRoom(Integer.MAX_VALUE))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("use imap");
  }
}

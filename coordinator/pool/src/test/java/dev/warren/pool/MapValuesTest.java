package dev.warren.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.ConcurrentModificationException;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MapValuesTest {

  private static List<Integer> numbers(int count) {
    MapValues<Integer> values = new MapValues<>(int.class, 0);
    values.makeRoom(count);
    for (int i = count - 1; i >= 0; i--) {
      values.put(i, (long) i * i);
    }
    return values.list(count);
  }

  private static List<Integer> squares(int count) {
    return IntStream.range(0, count).mapToObj(i -> i * i).toList();
  }

  @Test
  void numbers_keep_their_type() {
    assertThat(numbers(1000)).isEqualTo(squares(1000)).hasSameHashCodeAs(squares(1000));
    MapValues<Long> longs = new MapValues<>(Long.class, 1);
    longs.put(0, Long.MIN_VALUE);
    assertThat(longs.list(1)).containsExactly(Long.MIN_VALUE);
  }

  @Test
  void other_values_may_be_among_plain_numbers() {
    MapValues<@Nullable Integer> values = new MapValues<>(Integer.class, 4);
    values.put(0, 1L);
    values.put(2, (Integer) null);
    values.put(1, Integer.valueOf(-7));
    values.put(3, 5L);
    assertThat(values.list(4)).isEqualTo(Arrays.asList(1, -7, null, 5));
  }

  @Test
  void texts_are_kept_unchanged() {
    MapValues<String> values = new MapValues<>(String.class, 1);
    values.makeRoom(20);
    for (int i = 0; i < 20; i++) {
      values.put(i, "v" + i);
    }
    assertThat(values.list(20)).startsWith("v0", "v1").hasSize(20);
  }

  @Test
  void a_list_of_numbers_can_be_changed_like_any_other() {
    List<Integer> list = numbers(10);
    List<Integer> model = new ArrayList<>(squares(10));
    for (List<Integer> each : List.of(list, model)) {
      each.set(3, null);
      each.add(4711);
      each.add(0, -1);
      each.remove(5);
      each.removeIf(number -> number != null && number == 64);
      each.sort(Comparator.nullsFirst(Comparator.reverseOrder()));
      each.subList(2, 4).clear();
      each.addAll(List.of(7, 7));
    }
    assertThat(list).isEqualTo(model);
    list.clear();
    assertThat(list).isEmpty();
  }

  @Test
  void an_iterator_notices_a_change() {
    List<Integer> list = numbers(3);
    Iterator<Integer> iterator = list.iterator();
    iterator.next();
    list.add(4);
    assertThatThrownBy(iterator::next).isInstanceOf(ConcurrentModificationException.class);
  }

  @Test
  void a_list_of_numbers_is_serialised_as_an_array_list() throws Exception {
    Object copy = copy(numbers(5));
    assertThat(copy).isInstanceOf(ArrayList.class).isEqualTo(squares(5));
  }

  private static Object copy(Object object) throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(object);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return in.readObject();
    }
  }
}

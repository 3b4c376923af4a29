package dev.warren.pool;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The values of a map while they come, in any order. Whole numbers are kept as such, not as
 * objects: a million of them would be copied by the collector again and again. Confined to the
 * pool's results thread.
 */
final class MapValues<R extends @Nullable Object> {
  private final WholeNumbers.@Nullable Kind kind;
  // one of the two holds the values
  private long[] numbers;
  private @Nullable Object @Nullable [] objects;

  /**
   * None yet.
   *
   * @param type of the values
   * @param size how many there may be, roughly
   */
  MapValues(Class<?> type, long size) {
    int room = (int) Math.max(16, size);
    this.kind = WholeNumbers.Kind.of(type);
    this.numbers = new long[kind == null ? 0 : room];
    this.objects = kind == null ? new @Nullable Object[room] : null;
  }

  /** Makes room for values below this index. */
  void makeRoom(long size) {
    if (objects == null) {
      numbers = size > numbers.length ? Arrays.copyOf(numbers, grown(size)) : numbers;
    } else if (size > objects.length) {
      objects = Arrays.copyOf(objects, grown(size));
    }
  }

  private int grown(long size) {
    int now = objects == null ? numbers.length : objects.length;
    return (int) Math.max(size, Math.min(now * 2L, Integer.MAX_VALUE - 8));
  }

  /** Puts a whole number where it belongs; only for types that have a kind. */
  void put(int index, long number) {
    if (kind == null || objects != null) {
      objects()[index] = kind == null ? (Object) number : kind.box(number);
    } else {
      numbers[index] = number;
    }
  }

  /** Puts a value where it belongs. */
  void put(int index, R value) {
    objects()[index] = value;
  }

  /** From the first value on that is no plain number, a null say, all are objects. */
  private @Nullable Object[] objects() {
    @Nullable Object[] known = objects;
    if (known == null) {
      known = new @Nullable Object[numbers.length];
      for (int i = 0; kind != null && i < known.length; i++) {
        known[i] = kind.box(numbers[i]);
      }
      objects = known;
      numbers = new long[0];
    }
    return known;
  }

  /** The first {@code size} values, all of which have been put. */
  @SuppressWarnings("unchecked") // only values of R were put in, and numbers of its kind
  List<R> list(int size) {
    if (objects == null && kind != null) {
      return (List<R>)
          new WholeNumbers(kind, size == numbers.length ? numbers : Arrays.copyOf(numbers, size));
    }
    @Nullable Object[] all = objects();
    return new ArrayList<>(
        (List<R>) Arrays.asList(size == all.length ? all : Arrays.copyOf(all, size)));
  }
}

package dev.warren.pool;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Stores the values of a map as they arrive, in any order. They are kept in segments, so that a map
 * of unknown size grows without being copied. Whole numbers are stored as primitives: a million
 * number objects would be copied by the garbage collector again and again. Confined to one thread
 * at a time.
 */
final class MapValues<R extends @Nullable Object> {
  private static final int SEGMENT_BITS = 16;
  private static final int SEGMENT = 1 << SEGMENT_BITS;
  private static final int SMALLEST = 16;

  private final WholeNumbers.@Nullable Kind kind;
  // one of the two holds the values; all segments but the first have full length
  private long[][] numbers = {};
  private @Nullable Object @Nullable [][] objects;

  /**
   * Creates an empty store.
   *
   * @param type type of the values
   * @param size estimated number of values
   */
  MapValues(Class<?> type, long size) {
    this.kind = WholeNumbers.Kind.of(type);
    this.objects = kind == null ? new @Nullable Object[0][] : null;
    makeRoom(Math.max(SMALLEST, Math.min(size, SEGMENT)));
  }

  /**
   * Makes room for values below this index.
   *
   * @throws IllegalStateException if a list cannot hold that many
   * @throws OutOfMemoryError if there is not enough memory; stored values are kept
   */
  void makeRoom(long size) {
    if (size > Integer.MAX_VALUE - 8) {
      throw new IllegalStateException(
          "a map of " + size + " calls; a list has at most 2147483639 values: use imap");
    }
    if (objects == null) {
      numbers = grown(numbers, (int) size, MapValues::longs);
    } else {
      objects = grown(objects, (int) size, MapValues::references);
    }
  }

  /** Doubles the first segment until it has full length, then adds segments. */
  private static <A> A[] grown(
      A[] segments, int size, BiFunction<@Nullable A, Integer, A> resized) {
    int wanted = Math.max(1, (size + SEGMENT - 1) >>> SEGMENT_BITS);
    A[] all = segments;
    if (wanted > all.length) {
      all = Arrays.copyOf(all, Math.max(wanted, Math.min(all.length * 2, 1 << 15)));
    }
    int first = all[0] == null ? 0 : Array.getLength(all[0]);
    int wish = wanted > 1 ? SEGMENT : size;
    if (first < wish) {
      all[0] = resized.apply(all[0], Math.min(SEGMENT, Math.max(wish, first * 2)));
    }
    for (int i = wanted - 1; i > 0 && all[i] == null; i--) {
      all[i] = resized.apply(null, SEGMENT);
    }
    return all;
  }

  private static long[] longs(long @Nullable [] old, int length) {
    return old == null ? new long[length] : Arrays.copyOf(old, length);
  }

  private static @Nullable Object[] references(@Nullable Object @Nullable [] old, int length) {
    return old == null ? new @Nullable Object[length] : Arrays.copyOf(old, length);
  }

  /** Stores a whole number; only for types that have a kind. */
  void put(int index, long number) {
    if (kind == null || objects != null) {
      putObject(index, kind == null ? (Object) number : kind.box(number));
    } else {
      numbers[index >> SEGMENT_BITS][index & (SEGMENT - 1)] = number;
    }
  }

  /** Stores a value. */
  void put(int index, R value) {
    putObject(index, value);
  }

  private void putObject(int index, @Nullable Object value) {
    objects()[index >> SEGMENT_BITS][index & (SEGMENT - 1)] = value;
  }

  /**
   * Returns the objects; converts from numbers at the first value that is not a plain number, for
   * example null.
   */
  private @Nullable Object[][] objects() {
    @Nullable Object[][] known = objects;
    if (known == null) {
      known = new @Nullable Object[numbers.length][];
      for (int s = 0; s < numbers.length; s++) {
        if (numbers[s] != null) {
          known[s] = boxed(numbers[s]);
        }
      }
      objects = known;
      numbers = new long[0][];
    }
    return known;
  }

  private @Nullable Object[] boxed(long[] segment) {
    @Nullable Object[] boxed = new @Nullable Object[segment.length];
    for (int i = 0; kind != null && i < segment.length; i++) {
      boxed[i] = kind.box(segment[i]);
    }
    return boxed;
  }

  /**
   * Returns the first {@code size} values, all of which must have been stored; nothing can be
   * stored afterwards.
   */
  @SuppressWarnings("unchecked") // only values of R and numbers of its kind are stored
  List<R> list(int size) {
    if (objects == null && kind != null) {
      return (List<R>) new WholeNumbers(kind, numbers, size, SEGMENT_BITS);
    }
    @Nullable Object[][] all = objects();
    ArrayList<R> list = new ArrayList<>(size);
    for (int s = 0; list.size() < size; s++) {
      int count = Math.min(size - list.size(), all[s].length);
      list.addAll((List<R>) Arrays.asList(all[s]).subList(0, count));
      all[s] = new @Nullable Object[0]; // frees each segment: memory may not hold two copies
    }
    return list;
  }
}

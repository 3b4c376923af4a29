package dev.warren.pool;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Stores the values of a map as they arrive, in any order. They are kept in segments, so that a map
 * of unknown size grows without being copied. Confined to one thread at a time.
 */
final class MapValues<R extends @Nullable Object> {
  private static final int SEGMENT_BITS = 16;
  private static final int SEGMENT = 1 << SEGMENT_BITS;
  private static final int SMALLEST = 16;
  private static final @Nullable Object[] NONE = {};

  // all segments but the first have full length
  private final List<@Nullable Object[]> segments = new ArrayList<>();

  /**
   * Creates an empty store.
   *
   * @param size estimated number of values
   */
  MapValues(long size) {
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
    if (segments.isEmpty()) {
      segments.add(new @Nullable Object[(int) Math.min(SEGMENT, size)]);
    }
    @Nullable Object[] first = segments.get(0);
    if (first.length < Math.min(SEGMENT, size)) {
      // doubled until it has full length
      int length = (int) Math.min(SEGMENT, Math.max(size, first.length * 2L));
      segments.set(0, Arrays.copyOf(first, length));
    }
    while ((long) segments.size() << SEGMENT_BITS < size) {
      segments.add(new @Nullable Object[SEGMENT]);
    }
  }

  /** Stores a value; there must be room for it. */
  void put(int index, R value) {
    segments.get(index >> SEGMENT_BITS)[index & (SEGMENT - 1)] = value;
  }

  /**
   * Returns the first {@code size} values, all of which must have been stored; nothing can be
   * stored afterwards.
   */
  @SuppressWarnings("unchecked") // only values of R are stored
  List<R> list(int size) {
    ArrayList<R> list = new ArrayList<>(size);
    for (int s = 0; list.size() < size; s++) {
      @Nullable Object[] segment = segments.get(s);
      int count = Math.min(size - list.size(), segment.length);
      list.addAll((List<R>) Arrays.asList(segment).subList(0, count));
      segments.set(s, NONE); // frees each segment: memory may not hold two copies
    }
    return list;
  }
}

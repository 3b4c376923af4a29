package dev.warren.worker.consume;

import dev.warren.lifecycle.BoundedMap;
import dev.warren.wire.CallRanges;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What owners have cancelled, kept for tasks that have not come yet. Beyond its bounds the owners
 * that have cancelled nothing for longest are forgotten, and of one owner its lowest numbers: a
 * call that then runs in vain harms nobody. Confined to the loop.
 */
final class Cancellations {
  /** Of all owners' ranges together. */
  static final long BYTES = 8 << 20;

  /** Of the names of owners that are over. */
  static final long OVER_BYTES = 1 << 20;

  /** Ranges of one owner. */
  static final int RANGES = 20_000;

  /** What a range takes in its map: an entry and two numbers. */
  private static final int RANGE_BYTES = 96;

  private final BoundedMap<String, TreeMap<Long, Long>> byOwner =
      BoundedMap.byAge(
          BYTES,
          (owner, ranges) -> BoundedMap.textBytes(owner) + (long) ranges.size() * RANGE_BYTES);
  private final BoundedMap<String, Boolean> wholly =
      BoundedMap.byAge(OVER_BYTES, (owner, yes) -> BoundedMap.textBytes(owner));

  /** Remembers calls, or all calls where {@code calls} is null. */
  void add(String owner, @Nullable CallRanges calls) {
    // out and in again: an owner's weight must not change while it is in
    TreeMap<Long, Long> before = byOwner.remove(owner);
    if (calls == null) {
      wholly.put(owner, true);
      return;
    }
    TreeMap<Long, Long> ranges = before == null ? new TreeMap<>() : before;
    calls.forEachRange((first, last) -> ranges.merge(first, last, Math::max));
    while (ranges.size() > RANGES) {
      ranges.pollFirstEntry();
    }
    byOwner.put(owner, ranges);
  }

  boolean wholly(@Nullable String owner) {
    return owner != null && wholly.containsKey(owner);
  }

  boolean contains(@Nullable String owner, long call) {
    if (owner == null) {
      return false;
    }
    TreeMap<Long, Long> ranges = byOwner.get(owner);
    Map.Entry<Long, Long> range = ranges == null ? null : ranges.floorEntry(call);
    return range != null && call <= range.getValue();
  }

  boolean any(@Nullable String owner) {
    return owner != null && (wholly.containsKey(owner) || byOwner.containsKey(owner));
  }

  /** Bytes taken. */
  long bytes() {
    return byOwner.bytes() + wholly.bytes();
  }
}

package dev.warren.worker.consume;

import dev.warren.lifecycle.BoundedMap;
import dev.warren.wire.CallRanges;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What owners have cancelled, kept for tasks that arrive later. Beyond its bounds it forgets the
 * owners whose last cancellation is oldest, and of one owner its lowest call numbers: a forgotten
 * call only runs in vain. Confined to the loop.
 */
final class Cancellations {
  /** Maximum size of all owners' ranges together. */
  static final long BYTES = 8 << 20;

  /** Maximum size of the names of owners that have cancelled everything. */
  static final long OVER_BYTES = 1 << 20;

  /** Maximum number of ranges of one owner. */
  static final int RANGES = 20_000;

  /** Estimated size of a range in its map: an entry and two numbers. */
  private static final int RANGE_BYTES = 96;

  private final BoundedMap<String, TreeMap<Long, Long>> byOwner =
      BoundedMap.byAge(
          BYTES,
          (owner, ranges) -> BoundedMap.textBytes(owner) + (long) ranges.size() * RANGE_BYTES);
  private final BoundedMap<String, Boolean> wholly =
      BoundedMap.byAge(OVER_BYTES, (owner, yes) -> BoundedMap.textBytes(owner));

  /** Adds calls of an owner; null for all its calls. */
  void add(String owner, @Nullable CallRanges calls) {
    // removed and put again, since the weight of an entry must not change while it is in the map
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

  /** Estimated bytes in use. */
  long bytes() {
    return byOwner.bytes() + wholly.bytes();
  }
}

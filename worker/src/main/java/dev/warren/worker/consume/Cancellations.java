package dev.warren.worker.consume;

import dev.warren.wire.CallRanges;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What owners have cancelled, kept for tasks that have not come yet. Forgets the oldest owners and
 * ranges beyond its bounds: a call that then runs in vain harms nobody. Confined to the loop.
 */
final class Cancellations {
  static final int OWNERS = 1000;
  static final int RANGES = 100_000;

  private final Map<String, TreeMap<Long, Long>> byOwner = bounded(OWNERS);
  private final Set<String> wholly = new HashSet<>();

  /** Remembers calls, or all calls where {@code calls} is null. */
  void add(String owner, @Nullable CallRanges calls) {
    if (calls == null) {
      if (wholly.size() > OWNERS) {
        wholly.clear();
      }
      wholly.add(owner);
      byOwner.remove(owner);
      return;
    }
    TreeMap<Long, Long> ranges = byOwner.computeIfAbsent(owner, o -> new TreeMap<>());
    calls.forEachRange((first, last) -> ranges.merge(first, last, Math::max));
    while (ranges.size() > RANGES) {
      ranges.pollFirstEntry();
    }
  }

  boolean wholly(@Nullable String owner) {
    return owner != null && wholly.contains(owner);
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
    return owner != null && (wholly.contains(owner) || byOwner.containsKey(owner));
  }

  /** A map that forgets its oldest entry once it holds more than {@code most}. */
  static <V> Map<String, V> bounded(int most) {
    return new LinkedHashMap<>() {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
        return size() > most;
      }
    };
  }
}

package dev.warren.worker.consume;

import dev.warren.lifecycle.BoundedMap;
import java.util.HashSet;
import java.util.Set;

/**
 * Ids of the tasks that this worker settled recently; beyond a bound in bytes the oldest are
 * forgotten. A settled task that is redelivered (its acknowledgement was lost with a connection) is
 * acknowledged again and not run again: the broker has already confirmed its outcomes. Confined to
 * the loop.
 *
 * <p>For maintainers: ids are random, so each lookup in a large table misses the processor's cache,
 * and there is one per task. So the ids are in two unordered sets: when the newer one is full it
 * becomes the older one, and all ids of the previous older one are forgotten at once.
 */
final class SettledTasks {
  /** Minimum number of ids of Warren's usual length that are kept; fewer if they are longer. */
  static final int KEPT = 25_000;

  private static final int USUAL_BYTES = 256;

  /** Bound of both sets together: 12 MiB. */
  static final long BYTES = 2L * KEPT * USUAL_BYTES;

  private Set<String> newer = new HashSet<>();
  private Set<String> older = new HashSet<>();
  private long newerBytes;
  private long olderBytes;

  void add(String id) {
    long size = Math.max(USUAL_BYTES, BoundedMap.ENTRY_BYTES + BoundedMap.textBytes(id));
    if (newerBytes + size > BYTES / 2 && !newer.isEmpty()) {
      Set<String> forgotten = older;
      forgotten.clear();
      older = newer;
      olderBytes = newerBytes;
      newer = forgotten;
      newerBytes = 0;
    }
    if (newer.add(id)) {
      newerBytes += size;
    }
  }

  boolean contains(String id) {
    return newer.contains(id) || older.contains(id);
  }

  /** Estimated bytes in use. */
  long bytes() {
    return newerBytes + olderBytes;
  }
}

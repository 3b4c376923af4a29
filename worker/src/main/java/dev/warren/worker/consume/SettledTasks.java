package dev.warren.worker.consume;

import dev.warren.lifecycle.BoundedMap;
import java.util.HashSet;
import java.util.Set;

/**
 * Ids of the tasks this worker has settled lately, the oldest forgotten beyond a bound in bytes.
 * One that is delivered again (its acknowledgement was lost with a connection) is acknowledged
 * again and not run again: the broker has already confirmed its outcomes. Confined to the loop.
 *
 * <p>For maintainers: ids are random, so each look into a large table misses the processor's cache,
 * and there is one for every task. So the ids are in two sets without order: a full one becomes the
 * older of the two and the ids of the one before it are forgotten all at once.
 */
final class SettledTasks {
  /** The latest ids of Warren's own length that are surely kept; fewer of longer ones. */
  static final int KEPT = 25_000;

  private static final int USUAL_BYTES = 256;

  /** Bound of both sets together, 12 MiB. */
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

  /** Bytes taken. */
  long bytes() {
    return newerBytes + olderBytes;
  }
}

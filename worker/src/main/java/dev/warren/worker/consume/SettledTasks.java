package dev.warren.worker.consume;

import dev.warren.lifecycle.BoundedMap;

/**
 * Ids of the tasks this worker has settled lately, the oldest forgotten beyond a bound in bytes.
 * One that is delivered again (its acknowledgement was lost with a connection) is acknowledged
 * again and not run again: the broker has already confirmed its outcomes. Confined to the loop.
 */
final class SettledTasks {
  /** Ids of Warren's own length that are kept, 12 MiB of them; fewer of longer ones. */
  static final int KEPT = 50_000;

  private static final int USUAL_BYTES = 256;
  static final long BYTES = (long) KEPT * USUAL_BYTES;

  private final BoundedMap<String, Boolean> ids =
      BoundedMap.byAge(
          BYTES,
          (id, settled) ->
              Math.max(USUAL_BYTES - BoundedMap.ENTRY_BYTES, BoundedMap.textBytes(id)));

  void add(String id) {
    ids.put(id, true);
  }

  boolean contains(String id) {
    return ids.containsKey(id);
  }

  /** Bytes taken. */
  long bytes() {
    return ids.bytes();
  }
}

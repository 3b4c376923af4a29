package dev.warren.worker.consume;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Ids of the tasks this worker has settled lately. One that is delivered again (its acknowledgement
 * was lost with a connection) is acknowledged again and not run again: the broker has already
 * confirmed its outcomes. Confined to the loop.
 */
final class SettledTasks {
  static final int KEPT = 50_000;

  private final Map<String, Boolean> ids =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > KEPT;
        }
      };

  void add(String id) {
    ids.put(id, true);
  }

  boolean contains(String id) {
    return ids.containsKey(id);
  }
}

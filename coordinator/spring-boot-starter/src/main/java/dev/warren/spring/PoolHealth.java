package dev.warren.spring;

import dev.warren.pool.Pool;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Whether the pool accepts calls and its broker is connected.
 *
 * @param up whether both hold
 * @param details what a health endpoint shows
 */
record PoolHealth(boolean up, Map<String, Object> details) {
  static PoolHealth of(Pool pool, PoolMonitor monitor) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("pool", pool.name());
    details.put("state", pool.state().name());
    details.put("processes", pool.processes());
    String lost = monitor.brokerLost();
    if (lost != null) {
      details.put("broker", lost);
    }
    return new PoolHealth(pool.state() == Pool.State.RUNNING && lost == null, details);
  }
}

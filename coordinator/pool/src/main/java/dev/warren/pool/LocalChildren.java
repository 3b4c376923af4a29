package dev.warren.pool;

import dev.warren.task.Bounds;
import dev.warren.task.ChildContext;
import org.jspecify.annotations.Nullable;

/**
 * Settings of children that only a {@code local:} pool has; with a broker, the workers decide what
 * runs on their hosts. Immutable.
 *
 * @param context null if not set
 * @param maxMemory resident bytes above which a child is replaced after its call; 0 if not set
 * @param hardMaxMemory resident bytes above which a child is killed during its call; 0 if not set
 */
record LocalChildren(@Nullable ChildContext context, long maxMemory, long hardMaxMemory) {
  static final LocalChildren DEFAULTS = new LocalChildren(null, 0, 0);

  LocalChildren withContext(ChildContext how) {
    return new LocalChildren(how, maxMemory, hardMaxMemory);
  }

  LocalChildren withMaxMemory(long bytes) {
    return new LocalChildren(context, Bounds.atLeast("maxMemoryPerChild", bytes, 1), hardMaxMemory);
  }

  LocalChildren withHardMaxMemory(long bytes) {
    return new LocalChildren(context, maxMemory, Bounds.atLeast("hardMaxMemoryPerChild", bytes, 1));
  }

  /**
   * Checks that nothing is set, for a pool with a broker.
   *
   * @throws IllegalArgumentException naming the setting and where it belongs
   */
  void checkNoneSet() {
    refuse(context != null, "context", "set it there");
    refuse(maxMemory > 0, "maxMemoryPerChild", "start them with --max-memory-per-child");
    refuse(
        hardMaxMemory > 0, "hardMaxMemoryPerChild", "start them with --hard-max-memory-per-child");
  }

  private static void refuse(boolean set, String name, String remedy) {
    if (set) {
      throw new IllegalArgumentException(
          name
              + " is set, but with a broker the workers start the children: "
              + remedy
              + ", or use local:");
    }
  }
}

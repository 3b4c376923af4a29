package dev.warren.worker.supervise;

import dev.warren.task.ChildContext;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * How large the heap of a child may grow where nobody says: all children together at most four
 * fifths of the memory that this host or container has, each at most a quarter of it (as any JVM)
 * and at least 64 MiB. Immutable.
 *
 * @param memory bytes that this process may use, by its container where it is in one; 0 where
 *     unknown
 * @param children children that may be there at once
 */
public record HeapShare(long memory, int children) {
  /** Of the memory, for all children together. */
  private static final double OF_ALL = 0.8;

  /** Of the memory, for one child: the JVM's own default. */
  private static final double OF_ONE = 0.25;

  private static final long LEAST = 64L << 20;

  /** The share of each of {@code children} in the memory of this host or container. */
  public static HeapShare of(int children) {
    return new HeapShare(HostMemory.bytes(), children);
  }

  /** Bytes that the heap of one child may take; 0 where the memory is unknown. */
  public long bytes() {
    if (memory <= 0) {
      return 0;
    }
    double most = Math.min(memory * OF_ONE, memory * OF_ALL / Math.max(1, children));
    return Math.max((long) most, Math.min(LEAST, memory / 2));
  }

  /** Whether the children cannot have 64 MiB each. */
  public boolean tooSmall() {
    return memory > 0 && memory * OF_ALL < (double) LEAST * children;
  }

  /** JVM options that set it; none where the user has set a heap. */
  List<String> options(ChildContext.Jvm jvm) {
    if (saysItself(jvm)) {
      return List.of();
    }
    double share =
        memory > 0 ? (double) bytes() / memory : Math.min(OF_ONE, OF_ALL / Math.max(1, children));
    double percent = 100 * share;
    return List.of(String.format(Locale.ROOT, "-XX:MaxRAMPercentage=%.4f", percent));
  }

  private static boolean saysItself(ChildContext.Jvm jvm) {
    return Stream.concat(jvm.options().stream(), jvm.environment().values().stream())
        .anyMatch(
            text ->
                text.contains("-Xmx")
                    || text.contains("-XX:MaxHeapSize")
                    || text.contains("-XX:MaxRAM")
                    || text.startsWith("@"));
  }
}

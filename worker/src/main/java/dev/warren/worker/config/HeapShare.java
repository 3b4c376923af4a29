package dev.warren.worker.config;

import dev.warren.task.ChildContext;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Divides the memory of this host or container: computes the maximum heap of one child and the
 * default number of slots, where the user sets neither. Immutable.
 *
 * <p>The children together may use four fifths of the memory, but leave at least 128 MiB to the
 * supervisor. Each child uses about 40 MiB outside its heap. A heap is at most a quarter of the
 * memory, as in any JVM, and at least 32 MiB.
 *
 * @param memory bytes that this process may use: the lowest memory limit of its control groups, or
 *     the memory of the host; 0 if unknown
 * @param children maximum number of children at once: slots and spares
 */
public record HeapShare(long memory, int children) {
  private static final double FOR_CHILDREN = 0.8;
  private static final double LARGEST_HEAP = 0.25;
  private static final long MIB = 1L << 20;

  /** Memory of a supervisor: 100 MiB were measured with 8 slots. */
  private static final long SUPERVISOR = 128 * MIB;

  /** Resident memory of an idle child: classes, compiled code, thread stacks. */
  private static final long OUTSIDE_HEAP = 40 * MIB;

  private static final long SMALLEST_HEAP = 32 * MIB;

  /** A heap that ordinary functions can work in; used for the default number of slots. */
  private static final long USEFUL_HEAP = 64 * MIB;

  /** Returns the share of each of {@code children} in the memory of this host or container. */
  public static HeapShare of(int children) {
    return new HeapShare(HostMemory.bytes(), children);
  }

  /**
   * Default number of slots of a worker or {@code local:} pool: the processors of this host or
   * container, or fewer if its memory cannot hold that many children, and one spare, of 104 MiB
   * each.
   */
  public static int defaultSlots() {
    return slots(Runtime.getRuntime().availableProcessors(), HostMemory.bytes());
  }

  static int slots(int processors, long memory) {
    if (memory <= 0) {
      return processors;
    }
    long fit = new HeapShare(memory, 1).forChildren() / (OUTSIDE_HEAP + USEFUL_HEAP) - 1;
    return (int) Math.max(1, Math.min(processors, fit));
  }

  private long forChildren() {
    return Math.max(memory / 2, Math.min((long) (memory * FOR_CHILDREN), memory - SUPERVISOR));
  }

  private long heapThatFits() {
    return forChildren() / Math.max(1, children) - OUTSIDE_HEAP;
  }

  /** Maximum heap of one child in bytes; 0 if the memory is unknown. */
  public long bytes() {
    if (memory <= 0) {
      return 0;
    }
    long largest = (long) (memory * LARGEST_HEAP);
    return Math.max(Math.min(largest, heapThatFits()), Math.min(SMALLEST_HEAP, largest));
  }

  /** Whether the children do not fit even with the smallest heap each. */
  public boolean tooSmall() {
    return memory > 0 && heapThatFits() < SMALLEST_HEAP;
  }

  /** What does not fit and the remedy; empty if everything fits. */
  public String warning() {
    return tooSmall()
        ? String.format(
            Locale.ROOT,
            "%d children do not fit into %d MiB of memory (about %d MiB each, and %d MiB for the"
                + " worker): the kernel will kill some; use fewer slots (--processes %d) or more"
                + " memory",
            children,
            memory / MIB,
            (OUTSIDE_HEAP + SMALLEST_HEAP) / MIB,
            SUPERVISOR / MIB,
            slots(Integer.MAX_VALUE, memory))
        : "";
  }

  /** JVM options that set the heap; none if the user has set one. */
  public List<String> options(ChildContext.Jvm jvm) {
    if (saysItself(jvm)) {
      return List.of();
    }
    if (memory > 0) {
      // in bytes: a JVM treats a MaxRAMPercentage of less than about 128 MiB as 128 MiB
      return List.of("-Xmx" + bytes() / 1024 + "k");
    }
    double percent = 100 * Math.min(LARGEST_HEAP, FOR_CHILDREN / Math.max(1, children));
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

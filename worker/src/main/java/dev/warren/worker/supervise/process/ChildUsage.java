package dev.warren.worker.supervise.process;

import dev.warren.wire.child.ChildState;

/** The age and the memory of a child. Confined to the loop. */
public final class ChildUsage {
  private static final long SECOND = 1_000_000_000L;
  private static final long MILLISECOND = 1_000_000L;
  private static final int MEBIBYTE_BITS = 20;

  private long readySince;
  private boolean ready;
  private long memory;
  private long descendants;
  private long peak;

  /** It has become ready. */
  public void ready(long now) {
    readySince = now;
    ready = true;
  }

  /**
   * Records a memory reading, {@code descendantsMemory} -1 if not read; returns the total.
   *
   * @param own its own memory
   */
  public long memorySeen(ProcFiles.Memory own, long descendantsMemory) {
    if (descendantsMemory >= 0) {
      descendants = descendantsMemory;
    }
    memory = own.resident() + descendants;
    peak = Math.max(peak, Math.max(own.peak(), memory));
    return memory;
  }

  /** Records that it had at least this much memory. */
  public void memoryReached(long bytes) {
    peak = Math.max(peak, bytes);
  }

  /** Resident bytes of it and its descendants at the last reading; 0 if there was none. */
  public long memory() {
    return memory;
  }

  /** Highest number of resident bytes seen; 0 if unknown. */
  public long peak() {
    return peak;
  }

  /** Milliseconds since it became ready; -1 if it has not. */
  public long ageMillis(long now) {
    return ready ? (now - readySince) / MILLISECOND : -1;
  }

  /** Its state for a call, before which it had ended this number of calls. */
  public ChildState state(long callsBefore, long now) {
    return new ChildState(
        ready ? (now - readySince) / SECOND : -1,
        callsBefore,
        memory > 0 ? memory >> MEBIBYTE_BITS : -1);
  }
}

package dev.warren.worker.meter;

/** What is counted once in a child's life. Confined to the loop. */
public final class ChildLife {
  private long startNanos;
  private boolean replaced;

  /** It was starting, or initializing, for this long. */
  public void started(long nanos) {
    startNanos += nanos;
  }

  /** How long its start took, without the wait for settings. */
  public long startNanos() {
    return startNanos;
  }

  /**
   * Returns true once, when the child is no longer present: for the child that is started in its
   * place.
   */
  public boolean tryReplace(boolean present) {
    boolean first = !replaced && !present;
    replaced |= first;
    return first;
  }
}

package dev.warren.worker.supervise;

/** What is counted once in a child's life. Confined to the loop. */
final class ChildLife {
  private long startNanos;
  private boolean replaced;

  /** It was starting, or initializing, for this long. */
  void started(long nanos) {
    startNanos += nanos;
  }

  /** How long its start took, without the wait for settings. */
  long startNanos() {
    return startNanos;
  }

  /**
   * Returns true once, when it is no longer present: for the child that is started in its place.
   */
  boolean tryReplace(Child child) {
    boolean first = !replaced && !child.present();
    replaced |= first;
    return first;
  }
}
